package dev.slipway.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The message with which a session begins, as pgjdbc writes it, and as we want it.
///
/// pgjdbc puts the JVM's time zone and `DateStyle=ISO` into it. What stands in the start-up packet
/// overrides the settings of role, database and server, and `RESET` returns to it, so a migration
/// would run under other settings than psql's. They are taken out; a time zone goes in only if the
/// connection string names one, as Npgsql does.
///
/// Format: PostgreSQL documentation, "Message Formats", StartupMessage: length, protocol version,
/// then name and value, each ended by a zero byte, then a zero byte.
final class StartupPacket {
  private static final int HEADER = 8;

  private StartupPacket() {}

  /// @param packet a whole StartupMessage, its length included
  static byte[] rewrite(byte[] packet, Optional<String> timezone) {
    var parameters = new ByteArrayOutputStream(packet.length);
    int position = HEADER;
    while (position < packet.length && packet[position] != 0) {
      int nameEnd = indexOfZero(packet, position);
      int valueEnd = indexOfZero(packet, nameEnd + 1);
      String name = new String(packet, position, nameEnd - position, StandardCharsets.UTF_8);
      if (!name.equals("TimeZone") && !name.equals("DateStyle")) {
        parameters.write(packet, position, valueEnd + 1 - position);
      }
      position = valueEnd + 1;
    }
    timezone.ifPresent(zone -> write(parameters, "TimeZone", zone));
    parameters.write(0);
    return withHeader(packet, parameters.toByteArray());
  }

  private static void write(ByteArrayOutputStream to, String name, String value) {
    to.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    to.write(0);
    to.writeBytes(value.getBytes(StandardCharsets.UTF_8));
    to.write(0);
  }

  private static byte[] withHeader(byte[] original, byte[] parameters) {
    int length = HEADER + parameters.length;
    byte[] packet = new byte[length];
    packet[0] = (byte) (length >> 24);
    packet[1] = (byte) (length >> 16);
    packet[2] = (byte) (length >> 8);
    packet[3] = (byte) length;
    System.arraycopy(original, 4, packet, 4, 4);
    System.arraycopy(parameters, 0, packet, HEADER, parameters.length);
    return packet;
  }

  private static int indexOfZero(byte[] packet, int from) {
    int i = from;
    while (packet[i] != 0) {
      i++;
    }
    return i;
  }
}
