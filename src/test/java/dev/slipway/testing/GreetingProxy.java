package dev.slipway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/// A server that says something else of itself when a session begins. TLS is not offered.
public final class GreetingProxy implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int BACKEND_KEY_DATA = 'K';
  private static final int READY_FOR_QUERY = 'Z';

  private static final int PARAMETER_STATUS = 'S';
  private static final String VERSION = "server_version\0";

  private final ServerSocket listening;
  private final int serverPort;
  private final Greeting greeting;

  /// What becomes of a message that comes before the server is ready.
  private interface Greeting {
    byte[] changed(int type, byte[] message);
  }

  private GreetingProxy(int serverPort, Greeting greeting) {
    this.serverPort = serverPort;
    this.greeting = greeting;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// What a client sees of a pooler: the process that is announced is not the one that answers.
  public static GreetingProxy withAnotherPid(int serverPort) {
    return new GreetingProxy(
        serverPort,
        (type, message) -> {
          if (type == BACKEND_KEY_DATA) {
            ByteBuffer.wrap(message).putInt(0, number(message, 0) + 1);
          }
          return message;
        });
  }

  /// A server of another version.
  public static GreetingProxy withVersion(int serverPort, String version) {
    return new GreetingProxy(
        serverPort,
        (type, message) ->
            type == PARAMETER_STATUS && new String(message, UTF_8).startsWith(VERSION)
                ? (VERSION + version + "\0").getBytes(UTF_8)
                : message);
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

  private void forwardAnswers(Socket server, Socket client) {
    try {
      var fromServer = new DataInputStream(server.getInputStream());
      var toClient = new DataOutputStream(client.getOutputStream());
      int type = 0;
      while (type != READY_FOR_QUERY) {
        type = fromServer.readUnsignedByte();
        int length = fromServer.readInt();
        byte[] message = greeting.changed(type, fromServer.readNBytes(length - Integer.BYTES));
        toClient.writeByte(type);
        toClient.writeInt(message.length + Integer.BYTES);
        toClient.write(message);
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
