package dev.slipway.sql;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The commands that PostgreSQL refuses inside a transaction block (PreventInTransactionBlock in
/// its source), by the names that its messages give them.
final class OutsideTransaction {
  private static final Set<String> FALSE = Set.of("false", "off", "0");

  private OutsideTransaction() {}

  static Optional<String> command(Phrase phrase) {
    String verb = phrase.word();
    phrase.next();
    return switch (verb) {
      case "VACUUM" -> Optional.of(verb);
      case "DISCARD" -> when(phrase.at("ALL"), "DISCARD ALL");
      case "CLUSTER" -> cluster(phrase);
      case "REINDEX" -> reindex(phrase);
      case "CREATE" -> create(phrase);
      case "DROP" -> drop(phrase);
      case "ALTER" -> alter(phrase);
      default -> Optional.empty();
    };
  }

  /// Whether it is a command that PostgreSQL refuses for some objects: REINDEX and CLUSTER of what
  /// is partitioned, subscriptions with a slot.
  static boolean dependsOnObject(Phrase phrase) {
    return phrase.at("REINDEX")
        || phrase.at("CLUSTER")
        || phrase.skip("DROP", "SUBSCRIPTION")
        || phrase.skip("ALTER", "SUBSCRIPTION");
  }

  private static Optional<String> cluster(Phrase phrase) {
    phrase.skip("VERBOSE");
    phrase.skipOptions();
    return when(phrase.atEnd(), "CLUSTER");
  }

  private static Optional<String> reindex(Phrase phrase) {
    boolean concurrently = isOn(phrase.skipOptions(), "concurrently");
    String target = phrase.word();
    phrase.next();
    if (concurrently || phrase.at("CONCURRENTLY")) {
      return Optional.of("REINDEX CONCURRENTLY");
    }
    return switch (target) {
      case "SCHEMA", "DATABASE", "SYSTEM" -> Optional.of("REINDEX " + target);
      default -> Optional.empty();
    };
  }

  private static Optional<String> create(Phrase phrase) {
    if (phrase.skip("SUBSCRIPTION")) {
      return createSubscription(phrase);
    }
    phrase.skip("UNIQUE");
    if (phrase.skip("INDEX", "CONCURRENTLY")) {
      return Optional.of("CREATE INDEX CONCURRENTLY");
    }
    return databaseOrTablespace("CREATE", phrase);
  }

  /// It is refused where it makes a replication slot on the publisher.
  private static Optional<String> createSubscription(Phrase phrase) {
    Map<String, String> options = phrase.skipTo("WITH") ? phrase.skipOptions() : Map.of();
    boolean createsSlot = isNotOff(options, "connect") && isNotOff(options, "create_slot");
    return when(createsSlot, "CREATE SUBSCRIPTION");
  }

  private static Optional<String> drop(Phrase phrase) {
    return phrase.skip("INDEX", "CONCURRENTLY")
        ? Optional.of("DROP INDEX CONCURRENTLY")
        : databaseOrTablespace("DROP", phrase);
  }

  private static Optional<String> databaseOrTablespace(String verb, Phrase phrase) {
    String kind = phrase.word();
    return when(kind.equals("DATABASE") || kind.equals("TABLESPACE"), verb + " " + kind);
  }

  private static Optional<String> alter(Phrase phrase) {
    if (phrase.skip("SYSTEM")) {
      return Optional.of("ALTER SYSTEM");
    } else if (phrase.skip("DATABASE")) {
      phrase.skipName();
      return when(phrase.skip("SET", "TABLESPACE"), "ALTER DATABASE SET TABLESPACE");
    } else if (phrase.skip("SUBSCRIPTION")) {
      phrase.skipName();
      return when(phrase.skip("REFRESH", "PUBLICATION"), "ALTER SUBSCRIPTION REFRESH PUBLICATION");
    } else if (phrase.skip("TABLE") && phrase.skipTo("DETACH", "PARTITION")) {
      phrase.skipQualifiedName();
      return when(phrase.at("CONCURRENTLY"), "ALTER TABLE DETACH PARTITION CONCURRENTLY");
    }
    return Optional.empty();
  }

  private static boolean isOn(Map<String, String> options, String name) {
    return options.containsKey(name) && isNotOff(options, name);
  }

  private static boolean isNotOff(Map<String, String> options, String name) {
    return !FALSE.contains(options.getOrDefault(name, "true"));
  }

  private static Optional<String> when(boolean applies, String command) {
    return applies ? Optional.of(command) : Optional.empty();
  }
}
