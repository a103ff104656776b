package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// [StartupPacket], [StartupOutputStream] and [ParameterStatusInputStream], byte by byte.
final class SessionStreamsTest {
  private static final byte[] SSL_REQUEST = ints(8, 80877103);
  private static final byte[] AS_PGJDBC_WRITES_IT =
      startup(
          "user",
          "u",
          "database",
          "d",
          "client_encoding",
          "UTF8",
          "DateStyle",
          "ISO",
          "TimeZone",
          "America/New_York",
          "search_path",
          "app");
  private static final byte[] AS_WE_WANT_IT =
      startup("user", "u", "database", "d", "client_encoding", "UTF8", "search_path", "app");
  private static final byte[] QUERY = message('Q', "SET TimeZone = 'UTC'");

  private static final byte[] FROM_THE_SERVER =
      join(
          message('S', "application_name", "slipway"),
          message('S', "DateStyle", "German, DMY"),
          message('S', "D", ""),
          message('S', "DateStyl", "x"),
          message('Z', "I"),
          message('D', "DateStyle", "SDateStyle"),
          message('S', "DateStyle", "ISO, MDY"),
          message('C', "SET"));

  @Test
  void what_pgjdbc_imposes_is_taken_out_of_the_startup_packet() {
    byte[] rewritten = StartupPacket.rewrite(AS_PGJDBC_WRITES_IT, Optional.empty());

    assertThat(rewritten).isEqualTo(AS_WE_WANT_IT);
  }

  @Test
  void the_time_zone_of_the_connection_string_goes_into_the_startup_packet() {
    byte[] rewritten = StartupPacket.rewrite(AS_PGJDBC_WRITES_IT, Optional.of("Asia/Tokyo"));

    assertThat(rewritten)
        .isEqualTo(
            startup(
                "user",
                "u",
                "database",
                "d",
                "client_encoding",
                "UTF8",
                "search_path",
                "app",
                "TimeZone",
                "Asia/Tokyo"));
  }

  @Test
  void a_startup_packet_is_rewritten_however_it_is_cut() throws IOException {
    byte[] sent = join(SSL_REQUEST, AS_PGJDBC_WRITES_IT, QUERY);
    byte[] expected = join(SSL_REQUEST, AS_WE_WANT_IT, QUERY);

    for (int cut = 0; cut <= sent.length; cut++) {
      List<String> started = new ArrayList<>();
      var received = new ByteArrayOutputStream();
      var out = new StartupOutputStream(received, Optional.empty(), () -> started.add("started"));
      out.write(sent, 0, cut);
      out.flush();
      out.write(sent, cut, sent.length - cut);

      assertThat(received.toByteArray()).as("cut at %d", cut).isEqualTo(expected);
      assertThat(started).containsExactly("started");
    }
  }

  @Test
  void a_startup_packet_is_rewritten_when_it_comes_byte_by_byte() throws IOException {
    var received = new ByteArrayOutputStream();
    var out = new StartupOutputStream(received, Optional.empty(), () -> {});

    for (byte b : join(AS_PGJDBC_WRITES_IT, QUERY)) {
      out.write(b);
    }

    assertThat(received.toByteArray()).isEqualTo(join(AS_WE_WANT_IT, QUERY));
  }

  @Test
  void tls_passes_as_it_is() throws IOException {
    List<String> started = new ArrayList<>();
    byte[] hello = {0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5};
    var received = new ByteArrayOutputStream();
    var out = new StartupOutputStream(received, Optional.empty(), () -> started.add("started"));

    out.write(SSL_REQUEST);
    out.write(hello);
    out.write(AS_PGJDBC_WRITES_IT);

    assertThat(received.toByteArray()).isEqualTo(join(SSL_REQUEST, hello, AS_PGJDBC_WRITES_IT));
    assertThat(started).isEmpty();
  }

  @Test
  void reports_of_the_date_style_are_hidden_however_they_are_cut() throws IOException {
    byte[] expected = hidden();

    for (int size = 1; size <= FROM_THE_SERVER.length; size++) {
      var in = new ParameterStatusInputStream(inPieces(FROM_THE_SERVER, size));
      in.watch();

      assertThat(in.readAllBytes()).as("in pieces of %d", size).isEqualTo(expected);
    }
  }

  @Test
  void reports_of_the_date_style_are_hidden_when_read_byte_by_byte() throws IOException {
    var in = new ParameterStatusInputStream(new ByteArrayInputStream(FROM_THE_SERVER));
    in.watch();
    var read = new ByteArrayOutputStream();

    for (int b = in.read(); b >= 0; b = in.read()) {
      read.write(b);
    }

    assertThat(read.toByteArray()).isEqualTo(hidden());
  }

  @Test
  void nothing_is_changed_before_the_startup_packet_was_sent() throws IOException {
    var in = new ParameterStatusInputStream(new ByteArrayInputStream(FROM_THE_SERVER));

    assertThat(in.readAllBytes()).isEqualTo(FROM_THE_SERVER);
  }

  /// What pgjdbc is to see: the reports have another name, rows with the same text stay.
  private static byte[] hidden() {
    String text = new String(FROM_THE_SERVER, StandardCharsets.ISO_8859_1);
    int row = text.indexOf("D\0\0", text.indexOf("DateStyl\0"));
    String reports = text.substring(0, row).replace("DateStyle\0", "DateStylE\0");
    int next = text.indexOf("S\0\0", row);
    String later = text.substring(next).replace("DateStyle\0", "DateStylE\0");
    return (reports + text.substring(row, next) + later).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static InputStream inPieces(byte[] bytes, int size) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] to, int offset, int length) throws IOException {
        return in.read(to, offset, Math.min(length, size));
      }
    };
  }

  private static byte[] startup(String... parameters) {
    byte[] text = join(text(parameters), new byte[1]);
    return join(ints(8 + text.length, 3 << 16), text);
  }

  private static byte[] message(char type, String... texts) {
    byte[] content = text(texts);
    return join(new byte[] {(byte) type}, ints(4 + content.length), content);
  }

  private static byte[] text(String... texts) {
    return (String.join("\0", texts) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  private static byte[] join(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
