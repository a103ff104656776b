package dev.slipway.migration;

/// The identity of a migration, as the history records it. Usually fourteen digits of UTC time, an
/// underscore, a name, so that ids sort as text in the order of application.
///
/// The order is ordinal (by UTF-16 unit). EF Core looks applied ids up without regard to letter
/// case (`StringComparer.OrdinalIgnoreCase`), so two ids that differ by case only are one: compare
/// them by [#key()].
public record MigrationId(String value) implements Comparable<MigrationId> {
  /// What EF's column holds: `character varying(150)`.
  public static final int MAX_LENGTH = 150;

  private static final int DIGITS = 14;

  public MigrationId {
    if (value.isEmpty() || value.length() > MAX_LENGTH || hasControl(value)) {
      throw new IllegalArgumentException("not a migration id: \"%s\"".formatted(value));
    }
  }

  /// Whether the text is an id of EF's form: fourteen digits (they need not be a real time), an
  /// underscore, and a name of 1 to 135 characters without control characters.
  public static boolean hasTimestampForm(String text) {
    if (text.length() < DIGITS + 2 || text.length() > MAX_LENGTH || text.charAt(DIGITS) != '_') {
      return false;
    }
    for (int i = 0; i < DIGITS; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !hasControl(text);
  }

  /// The text under which two ids are the same to EF: upper case, character by character.
  public static String key(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (Character.toUpperCase(id.charAt(i)) != id.charAt(i)) {
        return upperCase(id);
      }
    }
    return id;
  }

  private static String upperCase(String id) {
    char[] characters = id.toCharArray();
    for (int i = 0; i < characters.length; i++) {
      characters[i] = Character.toUpperCase(characters[i]);
    }
    return new String(characters);
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  public String key() {
    return key(value);
  }

  /// The part that people remember: what follows the digits, or the whole id if it has another
  /// form.
  public String name() {
    return hasTimestampForm(value) ? value.substring(DIGITS + 1) : value;
  }

  @Override
  public int compareTo(MigrationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
