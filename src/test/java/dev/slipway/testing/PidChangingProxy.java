package dev.slipway.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/// What a client sees of a pooler: the process that is announced when a session begins is not the
/// one that answers. TLS is not offered.
public final class PidChangingProxy implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int BACKEND_KEY_DATA = 'K';
  private static final int READY_FOR_QUERY = 'Z';

  private final ServerSocket listening;
  private final int serverPort;

  public PidChangingProxy(int serverPort) {
    this.serverPort = serverPort;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed: there are no more clients.
    }
  }

  private void serve(Socket client) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      var fromClient = new DataInputStream(client.getInputStream());
      var toServer = new DataOutputStream(server.getOutputStream());
      refuseTls(fromClient, new DataOutputStream(client.getOutputStream()), toServer);
      Thread.ofVirtual().start(() -> forwardAnswers(server, client));
      fromClient.transferTo(toServer);
    } catch (IOException _) {
      // One of the two has gone; both are closed.
    }
  }

  /// Passes the start-up packet on, and answers before it what asks for TLS.
  private static void refuseTls(
      DataInputStream fromClient, DataOutputStream toClient, DataOutputStream toServer)
      throws IOException {
    int length = fromClient.readInt();
    byte[] packet = fromClient.readNBytes(length - Integer.BYTES);
    if (length == 2 * Integer.BYTES && number(packet, 0) == SSL_REQUEST) {
      toClient.write('N');
      length = fromClient.readInt();
      packet = fromClient.readNBytes(length - Integer.BYTES);
    }
    toServer.writeInt(length);
    toServer.write(packet);
  }

  private static void forwardAnswers(Socket server, Socket client) {
    try {
      var fromServer = new DataInputStream(server.getInputStream());
      var toClient = new DataOutputStream(client.getOutputStream());
      int type = 0;
      while (type != READY_FOR_QUERY) {
        type = fromServer.readUnsignedByte();
        int length = fromServer.readInt();
        byte[] message = fromServer.readNBytes(length - Integer.BYTES);
        toClient.writeByte(type);
        toClient.writeInt(length);
        if (type == BACKEND_KEY_DATA) {
          toClient.writeInt(number(message, 0) + 1);
          toClient.write(message, Integer.BYTES, message.length - Integer.BYTES);
        } else {
          toClient.write(message);
        }
      }
      fromServer.transferTo(toClient);
    } catch (IOException _) {
      // The client has gone; whoever forwards its requests closes both.
    }
  }

  private static int number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
