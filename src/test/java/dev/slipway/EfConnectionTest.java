package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Certificates;
import dev.slipway.testing.EfClients;
import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same connection strings given to a real client of EF Core 10 and to Slipway: both connect to
/// the same database, or both refuse.
@Tag("long")
final class EfConnectionTest {
  private static final String RULES =
      """
      local all all trust
      host all postgres all trust
      hostssl tls_only shop all scram-sha-256
      host tls_only shop all reject
      host all all all scram-sha-256
      """;

  @TempDir private static Path folder;
  private static EfClients clients;
  private static EmbeddedPostgres postgres;
  private static Path certificate;
  private static List<String> ids;
  private static int connected;
  private static int refused;

  /// The databases differ in how many of the model's migrations they have.
  @BeforeAll
  static void start_a_server_with_three_databases() throws Exception {
    clients = EfClients.unpackInto(folder.resolve("programs"));
    ids = EfClients.bookshopIds();
    var certificates = Certificates.ofLocalhost(folder);
    certificate = certificates.certificate("localhost");
    postgres = certificates.serve(TestServer.builder("newest", RULES), "localhost").start();
    TestServer server = TestServer.at(postgres.getPort());
    server.administer("CREATE ROLE shop LOGIN PASSWORD 'p;w'");
    int applied = 0;
    for (String name : List.of("shop", "books", "tls_only")) {
      server.administer("CREATE DATABASE " + name + " OWNER shop");
      server.administerIn(name, history(++applied));
    }
    for (String id : ids) {
      Files.createDirectories(folder.resolve("changelog"));
      Files.writeString(folder.resolve("changelog/" + id + ".sql"), "SELECT 1;");
    }
  }

  private static String history(int applied) {
    var sql =
        new StringBuilder(
            """
            CREATE TABLE "__EFMigrationsHistory" (
                "MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
            ALTER TABLE "__EFMigrationsHistory" OWNER TO shop;
            """);
    for (String id : ids.subList(0, applied)) {
      sql.append("INSERT INTO \"__EFMigrationsHistory\" VALUES ('%s', '8.0.0');\n".formatted(id));
    }
    return sql.toString();
  }

  @AfterAll
  static void stop_the_server_and_see_that_both_happened() throws IOException {
    postgres.close();
    assertThat(connected).isGreaterThan(10);
    assertThat(refused).isGreaterThan(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w'",
        "Server=localhost;Port=PORT;DB=books;UID=shop;PWD=\"p;w\"",
        " hOsT = localhost:PORT ; User Name = shop ; Psw = 'p;w' ; Database = books ; ",
        "Host=localhost;Port=PORT;Username=shop;Password='p;w'",
        "Host=localhost;Port=PORT;Database=books;Database=shop;Username=shop;Password='p;w'",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password=wrong-password",
        "Host=localhost;Port=PORT;Database=shop;Username=shop",
        "Host=localhost;Port=PORT;Database=shop;Username=nobody;Password='p;w'",
        "Host=localhost;Port=1;Database=shop;Username=shop;Password='p;w'",
        "Host=no-such-host.invalid;Database=shop;Username=shop;Password='p;w'",
        "Host=localhost:1,localhost:PORT;Database=books;Username=shop;Password='p;w'",
        "Host=localhost,localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Target Session"
            + " Attributes=read-write",
        "Host=localhost,localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Target Session"
            + " Attributes=standby",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Target Session"
            + " Attributes=primary",
        "Host=/tmp;Port=PORT;Database=books;Username=shop",
        "Host=localhost;Port=PORT;Database=tls_only;Username=shop;Password='p;w'",
        "Host=localhost;Port=PORT;Database=tls_only;Username=shop;Password='p;w';SSL Mode=Disable",
        "Host=localhost;Port=PORT;Database=tls_only;Username=shop;Password='p;w';SSL Mode=Allow",
        "Host=localhost;Port=PORT;Database=tls_only;Username=shop;Password='p;w';SSL Mode=Require",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=VerifyCA",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=VerifyCA;Root"
            + " Certificate=CERTIFICATE",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=VerifyFull;Root"
            + " Certificate=CERTIFICATE",
        "Host=127.0.0.1;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=VerifyFull;Root"
            + " Certificate=CERTIFICATE",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=Require;SSL"
            + " Negotiation=Direct",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=Require;Channel"
            + " Binding=Require",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';SSL Mode=Disable;Channel"
            + " Binding=Require",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Require"
            + " Auth=ScramSHA256",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Require"
            + " Auth=!ScramSHA256",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Options=-c"
            + " search_path=public;Timezone=Europe/Berlin;Application Name=x;Pooling=false",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Timezone=Nowhere/Land",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';Timeout=soon",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password='p;w';User=shop",
        "Host=localhost;Port=PORT;Database=shop;Username=shop;Password=p;w"
      })
  void both_connect_to_the_same_database_or_both_refuse(String template) throws Exception {
    String connection =
        template
            .replace("PORT", Integer.toString(postgres.getPort()))
            .replace("CERTIFICATE", certificate.toString());

    Optional<Integer> ours = appliedBySlipway(connection);

    assertThat(ours).isEqualTo(appliedByEf(connection));
    connected += ours.isPresent() ? 1 : 0;
    refused += ours.isEmpty() ? 1 : 0;
  }

  /// How many migrations it finds applied; empty if it refuses.
  private static Optional<Integer> appliedBySlipway(String connection) {
    Program.Result result =
        Program.in(folder)
            .with("ConnectionStrings__Shop", connection)
            .with("Slipway__StartWait", "0")
            .run("status", "--json");
    if (result.code() == 3 || result.code() == 4) {
      return Optional.empty();
    }
    assertThat(result.code()).as(result.toString()).isEqualTo(1);
    String list = result.out().replaceFirst("(?s).*\"applied\":\\[(.*?)].*", "$1");
    return Optional.of(list.isEmpty() ? 0 : list.split(",").length);
  }

  private static Optional<Integer> appliedByEf(String connection) throws Exception {
    var builder = new ProcessBuilder(clients.command("ef10", "list", "bookshop", connection));
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("HOME", folder.toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0
        ? Optional.of((int) out.lines().filter(line -> line.startsWith("applied ")).count())
        : Optional.empty();
  }
}
