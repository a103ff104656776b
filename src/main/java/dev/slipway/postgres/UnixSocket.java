package dev.slipway.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/// A connected Unix-domain socket in the shape that pgjdbc wants, a [Socket]. The JDK has such
/// channels (JEP 380) but no sockets for them. Reads honour the socket's timeout.
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private final SessionStreams streams;
  private volatile int timeoutMillis;

  UnixSocket(Path path, Optional<String> timezone) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    channel.configureBlocking(false);
    readable = Selector.open();
    writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
    streams = SessionStreams.of(new In(), new Out(), timezone);
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) {
    // It is connected since its construction; pgjdbc asks isConnected() first.
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public InputStream getInputStream() {
    return streams.in();
  }

  @Override
  public OutputStream getOutputStream() {
    return streams.out();
  }

  private int receive(ByteBuffer to) throws IOException {
    int timeout = timeoutMillis;
    int count = channel.read(to);
    while (count == 0) {
      if (readable.select(timeout) == 0 && timeout > 0) {
        throw new SocketTimeoutException("no answer within " + timeout + " ms");
      }
      readable.selectedKeys().clear();
      count = channel.read(to);
    }
    return count;
  }

  private void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        writable.select();
        writable.selectedKeys().clear();
      }
    }
  }

  @Override
  public void setSoTimeout(int timeout) {
    timeoutMillis = timeout;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // A Unix-domain socket has no TCP.
  }

  @Override
  public void setKeepAlive(boolean on) {
    // The kernel knows at once when the peer is gone.
  }

  @Override
  public void setReceiveBufferSize(int size) {
    // The kernel's default serves.
  }

  @Override
  public int getReceiveBufferSize() {
    return 0;
  }

  @Override
  public void setSendBufferSize(int size) {
    // The kernel's default serves.
  }

  @Override
  public int getSendBufferSize() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : receive(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      send(ByteBuffer.wrap(bytes, offset, length));
    }
  }
}
