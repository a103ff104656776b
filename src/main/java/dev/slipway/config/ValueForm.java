package dev.slipway.config;

import java.util.List;
import java.util.Optional;

/// What the value of a key looks like, read as .NET reads it.
sealed interface ValueForm {

  /// Any text.
  record Text() implements ValueForm {
    @Override
    public Optional<String> canonical(String value) {
      return Optional.of(value);
    }

    @Override
    public String expectation() {
      return "Write any text.";
    }
  }

  /// `true` or `false`.
  record Flag() implements ValueForm {
    @Override
    public Optional<String> canonical(String value) {
      String trimmed = value.strip();
      if (trimmed.equalsIgnoreCase("true")) {
        return Optional.of("True");
      }
      return trimmed.equalsIgnoreCase("false") ? Optional.of("False") : Optional.empty();
    }

    @Override
    public String expectation() {
      return "Write true or false.";
    }
  }

  /// A whole number in a range.
  record Whole(int min, int max) implements ValueForm {
    static final Whole ANY = new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final Whole NATURAL = new Whole(0, Integer.MAX_VALUE);

    @Override
    public Optional<String> canonical(String value) {
      Optional<Integer> number = number(value.strip());
      return number.isPresent() && number.get() >= min && number.get() <= max
          ? Optional.of(number.get().toString())
          : Optional.empty();
    }

    @Override
    public String expectation() {
      if (min == Integer.MIN_VALUE) {
        return "Write a whole number.";
      }
      return max == Integer.MAX_VALUE
          ? "Write a whole number, at least " + min + "."
          : "Write a whole number from " + min + " to " + max + ".";
    }

    /// As Int32.Parse: a sign and ASCII digits.
    static Optional<Integer> number(String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < '0' || c > '9') && (i > 0 || (c != '-' && c != '+'))) {
          return Optional.empty();
        }
      }
      try {
        return Optional.of(Integer.valueOf(value));
      } catch (NumberFormatException _) {
        return Optional.empty(); // Nothing but a sign, or too long.
      }
    }
  }

  /// One of several names, or its index, as Enum.Parse has it.
  record Choice(List<String> names) implements ValueForm {
    public Choice(String... names) {
      this(List.of(names));
    }

    @Override
    public Optional<String> canonical(String value) {
      String trimmed = value.strip();
      for (String name : names) {
        if (name.equalsIgnoreCase(trimmed)) {
          return Optional.of(name);
        }
      }
      Optional<Integer> index = Whole.number(trimmed);
      return index.isPresent() && index.get() >= 0 && index.get() < names.size()
          ? Optional.of(names.get(index.get()))
          : Optional.empty();
    }

    @Override
    public String expectation() {
      return "Write one of " + String.join(", ", names) + ".";
    }
  }

  /// Login methods, all to be allowed or all to be forbidden with a `!`; letter case counts.
  record LoginMethods() implements ValueForm {
    private static final List<String> NAMES =
        List.of("Password", "MD5", "GSS", "SSPI", "ScramSHA256", "None");

    @Override
    public Optional<String> canonical(String value) {
      boolean forbidden = value.stripLeading().startsWith("!");
      for (String method : value.split(",", -1)) {
        String name = method.strip();
        if (name.startsWith("!") != forbidden
            || !NAMES.contains(forbidden ? name.substring(1) : name)) {
          return Optional.empty();
        }
      }
      return Optional.of(value);
    }

    @Override
    public String expectation() {
      return "Write some of " + String.join(", ", NAMES) + ", with commas; or all of them with !.";
    }
  }

  /// The value as Npgsql writes it; empty if it has not this form.
  Optional<String> canonical(String value);

  /// What to write instead: a sentence.
  String expectation();
}
