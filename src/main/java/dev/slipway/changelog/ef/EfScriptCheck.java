package dev.slipway.changelog.ef;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is wrong with a script of EF's.
///
/// @param problems what keeps it from being applied; with them, nothing else is said
/// @param repairs what would fail or be changed if it were run as it stands
public record EfScriptCheck(List<ChangelogProblem> problems, List<Repair> repairs) {
  public EfScriptCheck {
    problems = List.copyOf(problems);
    repairs = List.copyOf(repairs);
  }

  /// Whether a file that begins so is one of EF's scripts.
  public static boolean concerns(byte[] beginning) {
    return ScriptSigns.hasGuard(beginning) || ScriptSigns.namesHistory(beginning);
  }

  /// @param file the path as the user would open it
  public static EfScriptCheck of(String file, byte[] content) {
    List<ChangelogProblem> problems = new ArrayList<>();
    List<Repair> repairs = new ArrayList<>();
    Optional<String> text = Utf8.decode(content, file, problems);
    text.flatMap(script -> OtherProvider.problem(file, script)).ifPresent(problems::add);
    if (text.isPresent() && problems.isEmpty()) {
      EfScript script = EfScript.read(file, text.get(), problems);
      for (ScriptMigration migration : script.migrations()) {
        repairs.addAll(migration.repairs());
        problems.addAll(migration.problems());
      }
    }
    return new EfScriptCheck(problems, problems.isEmpty() ? repairs : List.of());
  }
}
