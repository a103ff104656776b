package dev.slipway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// A network between a client and a server that breaks at a chosen moment, once what the client
/// sends holds a certain text: no answer to that comes back any more.
public final class CuttingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 65_536;

  private final ServerSocket listening;
  private final int serverPort;
  private final String cutAt;
  private final Cut cut;
  private final AtomicInteger cuts = new AtomicInteger();
  private final Semaphore lockAskedFor = new Semaphore(0);

  /// What breaks.
  public enum Cut {
    /// The answer: the server gets the text.
    ANSWER,
    /// The request: the server never gets the text.
    REQUEST,
    /// As [#ANSWER], but the text is on its way until another client asks for an advisory lock.
    LATE_REQUEST,
    /// As [#ANSWER], and there is no way to the server any more.
    LINE
  }

  /// The answer is lost.
  public CuttingProxy(int serverPort, String cutAt) {
    this(serverPort, cutAt, Cut.ANSWER);
  }

  public CuttingProxy(int serverPort, String cutAt, Cut cut) {
    this.serverPort = serverPort;
    this.cutAt = cutAt;
    this.cut = cut;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// How often it has broken.
  public int cuts() {
    return cuts.get();
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        if (cut == Cut.LINE && cuts.get() > 0) {
          // It was accepted at the moment when the line broke.
          client.close();
          continue;
        }
        var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        Thread.ofVirtual().start(() -> forwardRequests(client, server));
        Thread.ofVirtual().start(() -> forwardAnswers(server, client));
      }
    } catch (IOException _) {
      // Closed: there are no more clients.
    }
  }

  private void forwardRequests(Socket client, Socket server) {
    try (server;
        client) {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      int count = in.read(buffer);
      while (count >= 0) {
        var text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        if (cuts.get() > 0 && text.contains("pg_try_advisory_lock")) {
          lockAskedFor.release();
        }
        if (text.contains(cutAt)) {
          cuts.incrementAndGet();
          if (cut == Cut.LINE) {
            listening.close();
          }
          client.close();
          if (cut == Cut.REQUEST) {
            return;
          }
          if (cut == Cut.LATE_REQUEST) {
            lockAskedFor.acquireUninterruptibly();
          }
          out.write(buffer, 0, count);
          server.shutdownOutput();
          server.getInputStream().transferTo(OutputStream.nullOutputStream());
          return;
        }
        out.write(buffer, 0, count);
        count = in.read(buffer);
      }
    } catch (IOException _) {
      // One of the two has gone; both are closed.
    }
  }

  private static void forwardAnswers(Socket server, Socket client) {
    try {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException _) {
      // The client has gone; whoever forwards its requests closes both.
    }
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
