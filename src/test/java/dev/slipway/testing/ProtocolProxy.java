package dev.slipway.testing;

import dev.slipway.testing.FailPoint.Place;
import dev.slipway.testing.FailPoint.Side;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A network between a client and a server that understands what is sent: at a [FailPoint] all
/// stands still until the test lets it go on, or breaks it.
///
/// Where the point lies at an end of a message, the message or its answer is held back. Where it
/// lies between two statements of one text, which the server runs as a whole, a statement that
/// waits on the server is put between them; what it answers is kept from the client. TLS is not
/// offered.
public final class ProtocolProxy implements AutoCloseable {
  /// What the test holds, as a session's advisory lock, while the server has to wait.
  public static final String LOCK_GATE = "SELECT pg_advisory_lock(7077)";

  public static final String OPEN_GATE = "SELECT pg_advisory_unlock(7077)";

  private static final String REACHED = "slipway: fail point";

  private static final String WAIT_AT_GATE =
      """
      DO $slipway$ BEGIN
        RAISE INFO '%s';
        WHILE NOT pg_catalog.pg_try_advisory_xact_lock_shared(7077) LOOP
          PERFORM pg_catalog.pg_sleep(0.002);
        END LOOP;
      END $slipway$;
      """
          .formatted(REACHED);

  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;
  private static final byte[] NO_BODY = {};

  private final ServerSocket listening;
  private final int serverPort;
  private final FailPoint point;
  private final AtomicBoolean anchored = new AtomicBoolean();
  private final AtomicBoolean found = new AtomicBoolean();
  private final CompletableFuture<Reached> reached = new CompletableFuture<>();
  private final CompletableFuture<Boolean> goesOn = new CompletableFuture<>();
  private final CompletableFuture<Void> cancelAsked = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger broken = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private volatile boolean stalled;

  /// Where all stands still.
  ///
  /// @param backend the process of the session
  public record Reached(int backend, Where where) {}

  /// What holds it.
  public enum Where {
    /// A message, which the server has not got.
    REQUEST,
    /// A statement of ours on the server, inside a text whose rest it will run by itself.
    SERVER,
    /// The answer to a message, which the client has not got.
    ANSWER
  }

  public ProtocolProxy(int serverPort, FailPoint point) {
    this.serverPort = serverPort;
    this.point = point;
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

  /// Is complete when the point is reached.
  public CompletableFuture<Reached> reached() {
    return reached;
  }

  /// Is complete when a client has asked to cancel what a session runs.
  public CompletableFuture<Void> cancelAsked() {
    return cancelAsked;
  }

  /// How many connections it broke.
  public int broken() {
    return broken.get();
  }

  /// The texts that were sent, in order.
  public List<String> sent() {
    return sent;
  }

  /// What is held back is passed on.
  public void release() {
    goesOn.complete(true);
  }

  /// What is held back is lost, and its connection ends.
  public void lose() {
    goesOn.complete(false);
  }

  /// Nothing is passed on any more, and nobody is told.
  public void stall() {
    stalled = true;
  }

  /// Breaks all connections that there are by a TCP reset, to both sides.
  public void reset() {
    for (Socket socket : sockets) {
      if (!socket.isClosed()) {
        broken.incrementAndGet();
        resetOne(socket);
      }
    }
    goesOn.complete(false);
  }

  private static void resetOne(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // It has gone by itself.
    }
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
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      new Connection(client, server).forwardRequests();
    } catch (IOException _) {
      // One of the two has gone; both are closed.
    }
  }

  private void passOn() throws IOException {
    if (stalled) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("the network does not come back");
    }
  }

  /// @return whether what was held back is to be passed on
  private boolean hold(int backend, Where where) throws IOException {
    reached.complete(new Reached(backend, where));
    boolean answer = goesOn.join();
    passOn();
    return answer;
  }

  /// The point within these statements, if it has not been found before.
  private Optional<Place> find(String text) {
    for (Place place : FailPoint.places(text)) {
      String statement = text.substring(place.begin(), place.end());
      if (point.anchor().matcher(statement).find()) {
        anchored.set(true);
      }
      if (anchored.get()
          && point.statement().matcher(statement).find()
          && found.compareAndSet(false, true)) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  /// One client's.
  private final class Connection {
    private final Socket client;
    private final Socket server;
    private final DataInputStream fromClient;
    private final DataOutputStream toServer;
    private volatile int backend;
    private volatile boolean withholdsAnswer;

    private Connection(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      this.fromClient = new DataInputStream(client.getInputStream());
      this.toServer = new DataOutputStream(server.getOutputStream());
    }

    private void forwardRequests() throws IOException {
      byte[] packet = startUp();
      boolean cancels = number(packet, 0) == CANCEL_REQUEST;
      if (cancels) {
        cancelAsked.complete(null);
      }
      passOn();
      toServer.writeInt(packet.length + Integer.BYTES);
      toServer.write(packet);
      if (cancels) {
        server.getInputStream().transferTo(client.getOutputStream());
        return;
      }
      Thread.ofVirtual().start(this::forwardAnswers);
      boolean more = true;
      while (more) {
        int type = fromClient.readUnsignedByte();
        more = forwardRequest(type, body(fromClient));
      }
    }

    private byte[] startUp() throws IOException {
      byte[] packet = body(fromClient);
      while (number(packet, 0) == SSL_REQUEST || number(packet, 0) == GSS_REQUEST) {
        client.getOutputStream().write('N');
        packet = body(fromClient);
      }
      return packet;
    }

    /// @return whether there can be more of them
    private boolean forwardRequest(int type, byte[] body) throws IOException {
      Optional<Place> place =
          switch (type) {
            case 'Q' -> find(text(body, 0));
            case 'P' -> find(text(body, text(body, 0).length() + 1));
            default -> Optional.empty();
          };
      if (type == 'Q' || type == 'P') {
        sent.add(text(body, type == 'Q' ? 0 : text(body, 0).length() + 1));
      }
      if (place.isEmpty()) {
        passOn();
        write(toServer, type, body);
        return true;
      }
      return type == 'Q' ? query(body, place.get()) : parse(body);
    }

    private boolean query(byte[] body, Place place) throws IOException {
      boolean before = point.side() == Side.BEFORE;
      if (before && place.first()) {
        return holdRequest('Q', body);
      }
      if (!before && place.last()) {
        withholdsAnswer = true;
        write(toServer, 'Q', body);
        return true;
      }
      var text = new StringBuilder(text(body, 0));
      if (before) {
        text.insert(place.begin(), WAIT_AT_GATE);
      } else {
        text.insert(place.end(), ";\n" + WAIT_AT_GATE.substring(0, WAIT_AT_GATE.length() - 2));
      }
      write(toServer, 'Q', (text + "\0").getBytes(StandardCharsets.UTF_8));
      return true;
    }

    private boolean holdRequest(int type, byte[] body) throws IOException {
      write(toServer, 'H', NO_BODY);
      if (!hold(backend, Where.REQUEST)) {
        return false;
      }
      write(toServer, type, body);
      return true;
    }

    /// One statement of the extended protocol.
    private boolean parse(byte[] body) throws IOException {
      if (point.side() == Side.BEFORE) {
        return holdRequest('P', body);
      }
      write(toServer, 'P', body);
      int type = 0;
      while (type != 'E') {
        type = fromClient.readUnsignedByte();
        write(toServer, type, body(fromClient));
      }
      write(toServer, 'H', NO_BODY);
      return hold(backend, Where.REQUEST);
    }

    private void forwardAnswers() {
      try (client;
          server) {
        var fromServer = new DataInputStream(server.getInputStream());
        var toClient = new DataOutputStream(client.getOutputStream());
        boolean skipsCompletion = false;
        while (true) {
          int type = fromServer.readUnsignedByte();
          byte[] body = body(fromServer);
          if (type == 'K') {
            backend = number(body, 0);
          }
          skipsCompletion = skipsCompletion && type != 'E';
          if (type == 'N' && text(body).contains(REACHED)) {
            skipsCompletion = true;
            reached.complete(new Reached(backend, Where.SERVER));
          } else if (skipsCompletion && type == 'C') {
            skipsCompletion = false;
          } else if (withholdsAnswer) {
            withholdAnswer(type, body, fromServer, toClient);
          } else {
            passOn();
            write(toClient, type, body);
          }
        }
      } catch (IOException _) {
        // One of the two has gone; both are closed.
      }
    }

    /// Holds all back from the answer's first message to its last.
    private void withholdAnswer(
        int firstType, byte[] firstBody, DataInputStream fromServer, DataOutputStream toClient)
        throws IOException {
      var bytes = new ByteArrayOutputStream();
      var answer = new DataOutputStream(bytes);
      int type = firstType;
      byte[] body = firstBody;
      while (type != 'Z') {
        write(answer, type, body);
        type = fromServer.readUnsignedByte();
        body = body(fromServer);
      }
      write(answer, type, body);
      withholdsAnswer = false;
      if (!hold(backend, Where.ANSWER)) {
        throw new IOException("lost");
      }
      toClient.write(bytes.toByteArray());
    }
  }

  private static byte[] body(DataInputStream from) throws IOException {
    int length = from.readInt();
    return from.readNBytes(length - Integer.BYTES);
  }

  private static void write(DataOutputStream to, int type, byte[] body) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(1 + Integer.BYTES + body.length);
    message.put((byte) type).putInt(body.length + Integer.BYTES).put(body);
    to.write(message.array());
  }

  /// The text that ends with a zero.
  private static String text(byte[] body, int from) {
    int end = from;
    while (body[end] != 0) {
      end++;
    }
    return new String(body, from, end - from, StandardCharsets.UTF_8);
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static int number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  @Override
  public void close() {
    try (listening) {
      ended.countDown();
      goesOn.complete(false);
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
