package dev.slipway;

import dev.slipway.cli.Console;
import dev.slipway.cli.Interruption;
import dev.slipway.config.Output;
import dev.slipway.testing.Secrets;
import dev.slipway.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The program as a user runs it: arguments, environment and working directory in; exit code and
/// output out. [#run] stays in this JVM; [#start] is a process of its own, for kills and signals.
/// Whatever the program prints within [#run] must not hold a password that it was given.
public final class Program {
  /// Whoever runs the tests in the background has SIGINT ignored, and so have their children; a JVM
  /// leaves it so.
  private static final List<String> SIGINT_AS_USUAL =
      List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec { $ARGV[0] } @ARGV;");

  private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final long LONGEST_MINUTES = 3;

  private final Path workingDirectory;
  private final Map<String, String> variables = new HashMap<>();
  private final Secrets secrets = new Secrets();
  private boolean random;

  /// What a run gave.
  public record Result(int code, String out, String err) {
    @Override
    public String toString() {
      return "exit %d\n--- stdout\n%s--- stderr\n%s".formatted(code, out, err);
    }
  }

  private Program(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /// In this folder; `changelog` in it is the default changelog.
  public static Program in(Path workingDirectory) {
    return new Program(workingDirectory);
  }

  public Program with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /// With a password that stands in a file.
  public Program hiding(String password) {
    secrets.add(password);
    return this;
  }

  /// Without the look for passwords in what is printed: of random texts it takes words of the
  /// program for some. Their test looks for its own.
  public Program givenRandomText() {
    random = true;
    return this;
  }

  /// With the database's connection string, under this name.
  public Program with(String name, TestDatabase database) {
    return with("ConnectionStrings__" + name, database.connectionString(""));
  }

  public Result run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console = new Console(print(out), print(err), Console.Terminal.PLAIN, Output.TEXT);
    int code = Main.run(arguments, variables, workingDirectory, console, new Interruption());
    var result =
        new Result(
            code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    if (!random) {
      secrets.addVariables(variables);
      List.of(arguments).forEach(secrets::addText);
    }
    secrets.assertAbsent(result.toString());
    return result;
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  /// The program with the arguments of the script around it, as a line of the shell's language.
  public static String shellCommand() {
    return "'%s/bin/java' %s -cp '%s' dev.slipway.Main \"$@\""
        .formatted(
            System.getProperty("java.home"),
            String.join(" ", FLAGS),
            System.getProperty("java.class.path"));
  }

  /// Starts a JVM of its own with nothing in its environment but what was given.
  public Process start(String... arguments) {
    return startWithin(List.of(), arguments);
  }

  /// The same with the JVM's options of the image.
  public Process startAsShipped(String... arguments) {
    Path options = Path.of("scripts/jvm-options").toAbsolutePath();
    return start(List.of(), List.of("@" + options), arguments);
  }

  /// The same by a command that runs the one behind it.
  public Process startWithin(List<String> wrapper, String... arguments) {
    return start(wrapper, FLAGS, arguments);
  }

  private Process start(List<String> wrapper, List<String> flags, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(SIGINT_AS_USUAL);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.slipway.Main"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(variables);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for a started program to end; one that hangs is killed.
  public static Result finish(Process process) throws InterruptedException {
    process
        .onExit()
        .orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES)
        .exceptionally(
            timeout -> {
              process.destroyForcibly();
              return process;
            });
    try (var out = process.getInputStream();
        var err = process.getErrorStream()) {
      var errors = new ByteArrayOutputStream();
      Thread reader = Thread.ofVirtual().start(() -> transfer(err, errors));
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      reader.join();
      return new Result(process.waitFor(), text, errors.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void transfer(InputStream from, ByteArrayOutputStream to) {
    try {
      from.transferTo(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
