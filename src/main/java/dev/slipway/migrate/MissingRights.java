package dev.slipway.migrate;

import dev.slipway.history.Surroundings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rights that a role lacks, as the statements that give them.
final class MissingRights {
  private static final int MOST_REASONS = 10;

  private final Surroundings surroundings;
  private final Map<String, Set<Privilege>> grants = new LinkedHashMap<>();
  private final Set<String> statements = new LinkedHashSet<>();
  private final Set<String> ofSuperuser = new LinkedHashSet<>();
  private final Set<String> advice = new LinkedHashSet<>();
  private final Set<String> reasons = new LinkedHashSet<>();

  /// What GRANT gives, in the order in which it is written.
  enum Privilege {
    USAGE,
    CREATE,
    SELECT,
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    TRIGGER
  }

  MissingRights(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// @param object as GRANT has it behind its ON
  /// @param reason why it is needed, for what was not asked for yet; a sentence
  void grant(String reason, String object, Privilege... privileges) {
    if (grants
        .computeIfAbsent(object, o -> EnumSet.noneOf(Privilege.class))
        .addAll(List.of(privileges))) {
      reasons.add(reason);
    }
  }

  /// One that the owner of what it is about can run.
  void statement(String reason, String statement) {
    if (statements.add(statement)) {
      reasons.add(reason);
    }
  }

  /// One that takes a superuser.
  void ofSuperuser(String reason, String statement) {
    if (ofSuperuser.add(statement)) {
      reasons.add(reason);
    }
  }

  /// Something that no statement mends.
  void advice(String reason, String sentence) {
    if (advice.add(sentence)) {
      reasons.add(reason);
    }
  }

  /// @throws MissingRightsException if there is one
  void refuse() {
    String remedy = remedy();
    if (!remedy.isEmpty()) {
      throw new MissingRightsException(surroundings, detail(), remedy);
    }
  }

  private String detail() {
    List<String> lines = new ArrayList<>(reasons);
    int more = lines.size() - MOST_REASONS;
    if (more > 1) {
      lines.subList(MOST_REASONS, lines.size()).clear();
      lines.add("There are %d more.".formatted(more));
    }
    return String.join("\n", lines);
  }

  private String remedy() {
    List<String> all = new ArrayList<>();
    grants.forEach(
        (object, privileges) ->
            all.add("GRANT %s ON %s TO %s".formatted(list(privileges), object, role())));
    all.addAll(statements);
    all.addAll(ofSuperuser);
    List<String> lines = new ArrayList<>(advice);
    if (!all.isEmpty()) {
      String who = ofSuperuser.isEmpty() ? "the owner" : "a superuser";
      lines.add("Let %s run:\n%s;".formatted(who, String.join(";\n", all)));
    }
    return String.join("\n", lines);
  }

  String role() {
    return surroundings.user().quoted();
  }

  private static String list(Set<Privilege> privileges) {
    return String.join(", ", privileges.stream().map(Privilege::name).toList());
  }
}
