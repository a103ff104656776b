package dev.slipway.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How each program is started. The three that run on a JVM get the same flags, the product's.
record Contestants(Path checkout, int port) {
  static final String PSQL = "psql";
  static final String SLIPWAY = "slipway";
  static final String FLYWAY = "flyway";
  static final String LIQUIBASE = "liquibase";

  private static final List<String> FLYWAY_JARS = List.of("flyway-", "jackson-", "postgresql-");
  private static final List<String> LIQUIBASE_JARS =
      List.of("liquibase-", "opencsv-", "jaxb-api-", "commons-", "snakeyaml-", "postgresql-");

  /// The least that a program can do.
  Contestant selectOne(String database) {
    return psql(database, List.of("--command", "SELECT 1"));
  }

  /// All statements of the workload, a transaction for each migration, its history row included.
  Contestant psql(Workload workload, String database) {
    return psqlFile(workload.psql(), database);
  }

  Contestant psqlFile(Path file, String database) {
    return psql(
        database,
        List.of("--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--file=" + file));
  }

  private Contestant psql(String database, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("psql", "--no-psqlrc"));
    command.addAll(arguments);
    Map<String, String> variables =
        Map.of(
            "PGHOST", BenchServer.HOST,
            "PGPORT", Integer.toString(port),
            "PGDATABASE", database,
            "PGUSER", BenchServer.ROLE,
            "PGPASSWORD", BenchServer.PASSWORD);
    return new Contestant(PSQL, command, variables, checkout);
  }

  Contestant slipway(Workload workload, String database) {
    return slipway(workload.folder(), database);
  }

  /// @param folder with the changelog in it
  Contestant slipway(Path folder, String database, String... arguments) {
    String connectionString =
        "Host=%s;Port=%d;Database=%s;Username=%s;Password=%s"
            .formatted(
                BenchServer.HOST, port, database, BenchServer.ROLE, BenchServer.PASSWORD);
    return new Contestant(
        SLIPWAY,
        slipway(arguments),
        Map.of("ConnectionStrings__Shop", connectionString),
        folder);
  }

  private List<String> slipway(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(checkout.resolve("scripts/slipway").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  Contestant flyway(Workload workload, String database) {
    return peer(FLYWAY, FLYWAY_JARS, FlywayPeer.class, database, workload.flyway());
  }

  Contestant liquibase(Workload workload, String database) {
    return liquibase(workload.liquibase(), database);
  }

  /// @param changelog the root file
  Contestant liquibase(Path changelog, String database) {
    return peer(LIQUIBASE, LIQUIBASE_JARS, LiquibasePeer.class, database, changelog);
  }

  private Contestant peer(
      String name, List<String> jars, Class<?> main, String database, Path changes) {
    List<String> command =
        java(
            "-cp",
            classPath(jars),
            main.getName(),
            "jdbc:postgresql://%s:%d/%s".formatted(BenchServer.HOST, port, database),
            BenchServer.ROLE,
            BenchServer.PASSWORD,
            changes.toString());
    return new Contestant(name, command, Map.of(), checkout);
  }

  private List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + checkout.resolve("scripts/jvm-options"));
    command.addAll(List.of(arguments));
    return command;
  }

  /// Only what the peer needs, so that it does not search through the harness's libraries.
  private String classPath(List<String> jars) {
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> jars.stream().anyMatch(new File(entry).getName()::startsWith))
            .collect(Collectors.joining(File.pathSeparator));
    return libraries + File.pathSeparator + checkout.resolve("target/test-classes");
  }
}
