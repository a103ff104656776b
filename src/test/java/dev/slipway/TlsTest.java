package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Certificates;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS and login mean what they mean in Npgsql 10, against real servers.
final class TlsTest {
  private static final String MODES = "Disable Allow Prefer Require VerifyCA VerifyFull";

  /// Who may log in, and how; the names are those of the roles.
  private static final String RULES =
      """
      local all all trust
      host all postgres all trust
      hostnossl all plain_only all trust
      hostssl all plain_only all reject
      hostssl all tls_only all trust
      host all with_scram all scram-sha-256
      host all with_password all password
      hostssl all visitor all cert
      hostssl all guest all cert
      hostssl all verified all trust clientcert=verify-full
      """;

  private static final String ROLES =
      """
      CREATE ROLE plain_only LOGIN SUPERUSER;
      CREATE ROLE tls_only LOGIN SUPERUSER;
      CREATE ROLE with_scram LOGIN SUPERUSER PASSWORD 'Geheim-1';
      CREATE ROLE with_password LOGIN SUPERUSER PASSWORD 'Geheim-1';
      CREATE ROLE visitor LOGIN SUPERUSER;
      CREATE ROLE guest LOGIN SUPERUSER;
      CREATE ROLE verified LOGIN SUPERUSER;
      """;

  private static final String PASSWORD = ";Password=Geheim-1";

  @TempDir private static Path folder;
  private static final List<EmbeddedPostgres> STARTED = new ArrayList<>();
  private static Certificates certificates = new Certificates(Path.of(""));
  private static Path root = Path.of("");
  private static Path otherRoot = Path.of("");
  private static int signed;
  private static int selfSigned;
  private static int wrongName;
  private static int expired;
  private static int signedInBetween;
  private static int oldest;

  @BeforeAll
  static void start_the_servers() throws IOException {
    new Folder(folder)
        .write(
            "changelog/20240101000000_See.sql",
            """
            CREATE TABLE seen AS SELECT CASE WHEN ssl THEN 'TLS' ELSE 'plain' END AS encryption
            FROM pg_stat_ssl WHERE pid = pg_backend_pid();
            """);
    certificates =
        new Certificates(folder)
            .make("root", "EC", "Root", "-ext", "bc:c")
            .make("other", "EC", "Other", "-ext", "bc:c")
            .make(
                "server",
                "EC",
                "server",
                "-signer",
                "root",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1")
            .make("middle", "EC", "Middle", "-signer", "root", "-ext", "bc:c")
            .make("deep", "EC", "localhost", "-signer", "middle")
            .make("past", "EC", "Past", "-ext", "bc:c", "-startdate", "-60d")
            .make("wrong", "EC", "db.example", "-signer", "root")
            .make("old", "EC", "localhost", "-signer", "root", "-startdate", "-60d")
            .make("self", "RSA", "localhost")
            .make("rsa", "RSA", "visitor", "-signer", "root")
            .make("ec", "EC", "visitor", "-signer", "root")
            .make("expired", "EC", "visitor", "-signer", "root", "-startdate", "-60d")
            .make("stranger", "EC", "visitor", "-signer", "other");
    root = certificates.certificate("root");
    otherRoot = certificates.certificate("other");
    signed = start("newest", "server");
    selfSigned = start("newest", "self");
    wrongName = start("newest", "wrong");
    expired = start("newest", "old");
    signedInBetween = start("newest", "deep");
    oldest = start("oldest", "server");
  }

  private static int start(String version, String alias) throws IOException {
    EmbeddedPostgres server =
        certificates
            .serve(TestServer.builder(version, RULES), alias)
            .setServerConfig("ssl_ca_file", root.toString())
            .start();
    STARTED.add(server);
    TestServer.at(server.getPort()).administer(ROLES);
    return server.getPort();
  }

  @AfterAll
  static void stop_the_servers() throws IOException {
    for (EmbeddedPostgres server : STARTED) {
      server.close();
    }
    STARTED.clear();
  }

  @Test
  void the_six_modes_give_what_they_give_in_npgsql() {
    int without = TestServer.newest().port();
    var table = new StringBuilder("                        " + MODES + "\n");
    table.append(row("self-signed", selfSigned, null));
    table.append(row("self-signed, its root", selfSigned, certificates.certificate("self")));
    table.append(row("authority", signed, null));
    table.append(row("authority, its root", signed, root));
    table.append(row("authority, another root", signed, otherRoot));
    table.append(row("authority, two roots", signed, certificates.certificate("other", "root")));
    table.append(row("wrong name", wrongName, null));
    table.append(row("wrong name, its root", wrongName, root));
    table.append(row("expired, its root", expired, root));
    table.append(row("without TLS", without, null));
    table.append(row("without TLS, a root", without, root));

    assertThat(table.toString())
        .isEqualTo(
            """
                                    Disable Allow Prefer Require VerifyCA VerifyFull
            self-signed             plain plain TLS TLS untrusted untrusted
            self-signed, its root   plain plain TLS TLS TLS TLS
            authority               plain plain TLS TLS untrusted untrusted
            authority, its root     plain plain TLS TLS TLS TLS
            authority, another root plain plain TLS TLS untrusted untrusted
            authority, two roots    plain plain TLS TLS TLS TLS
            wrong name              plain plain TLS TLS untrusted untrusted
            wrong name, its root    plain plain TLS TLS TLS name
            expired, its root       plain plain TLS TLS expired expired
            without TLS             plain plain plain no-tls no-tls no-tls
            without TLS, a root     plain plain plain no-tls no-tls no-tls
            """);
  }

  private static String row(String server, int port, @Nullable Path rootCertificate) {
    var row = new StringBuilder("%-23s".formatted(server));
    for (String mode : MODES.split(" ", -1)) {
      String more = rootCertificate == null ? "" : ";Root Certificate=" + rootCertificate;
      row.append(' ').append(outcome(port, "postgres", ";SSL Mode=" + mode + more));
    }
    return row.append('\n').toString();
  }

  /// `TLS` or `plain` for how the run was connected, else why it was not.
  private static String outcome(int port, String user, String more) {
    return outcome(port, user, more, Map.of());
  }

  private static String outcome(
      int port, String user, String more, Map<String, String> environment) {
    Program.Result result = run(port, user, more, environment);
    if (result.code() == 0) {
      return seen(port);
    }
    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    String text = result.err();
    return text.contains("not signed by a trusted authority")
        ? "untrusted"
        : text.contains("not valid at this time")
            ? "expired"
            : text.contains("the server's certificate is for")
                ? "name"
                : text.contains("the server does not offer TLS") ? "no-tls" : text;
  }

  private static Program.Result run(int port, String user, String more) {
    return run(port, user, more, Map.of());
  }

  private static Program.Result run(
      int port, String user, String more, Map<String, String> environment) {
    TestServer.at(port).administer("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
    String host = more.contains("Host=") ? "" : "Host=localhost;";
    Program program =
        Program.in(folder)
            .with(
                "ConnectionStrings__Gateway",
                "%sPort=%d;Database=postgres;Username=%s%s".formatted(host, port, user, more));
    environment.forEach(program::with);
    return program.run();
  }

  private static String seen(int port) {
    try (Connection connection = DriverManager.getConnection(TestServer.at(port).url("postgres"));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT encryption FROM seen")) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void an_address_must_stand_in_the_certificate() {
    String full = ";Host=127.0.0.1;SSL Mode=VerifyFull;Root Certificate=";

    assertThat(outcome(signed, "postgres", full + root)).isEqualTo("TLS");
    assertThat(outcome(wrongName, "postgres", full + root)).isEqualTo("name");
    assertThat(outcome(selfSigned, "postgres", full + certificates.certificate("self")))
        .isEqualTo("name");
  }

  @Test
  void certificates_between_an_authority_and_the_server_may_stand_beside_that_authority() {
    String full = ";SSL Mode=VerifyFull;Root Certificate=";

    assertThat(outcome(signedInBetween, "postgres", full + root)).isEqualTo("untrusted");
    assertThat(
            outcome(signedInBetween, "postgres", full + certificates.certificate("root", "middle")))
        .isEqualTo("TLS");
    assertThat(
            outcome(
                signedInBetween,
                "postgres",
                full + certificates.certificate("other", "middle", "deep")))
        .isEqualTo("untrusted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"middle", "deep", "past"})
  void an_authority_that_did_not_sign_itself_or_is_not_valid_is_not_trusted(String alias) {
    Path file = certificates.certificate(alias);

    Program.Result result =
        run(signedInBetween, "postgres", ";SSL Mode=VerifyCA;Root Certificate=" + file);

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .contains(
            "root certificate \"%s\" holds no authority that signed itself and is valid now"
                .formatted(file));
  }

  @Test
  void authorities_come_from_the_environment_and_from_the_usual_place() throws IOException {
    String full = ";SSL Mode=VerifyFull";
    Path home = folder.resolve("home");
    Files.createDirectories(home.resolve(".postgresql"));
    Files.copy(root, home.resolve(".postgresql/root.crt"));
    var atHome = Map.of("HOME", home.toString());

    assertThat(outcome(signed, "postgres", full, Map.of("PGSSLROOTCERT", root.toString())))
        .isEqualTo("TLS");
    assertThat(outcome(signed, "postgres", full, atHome)).isEqualTo("TLS");
    assertThat(outcome(selfSigned, "postgres", full, atHome)).isEqualTo("untrusted");
    assertThat(outcome(selfSigned, "postgres", ";SSL Mode=Require", atHome)).isEqualTo("TLS");
    assertThat(outcome(selfSigned, "postgres", "", atHome)).isEqualTo("TLS");
    assertThat(
            outcome(
                signed,
                "postgres",
                full + ";Root Certificate=" + root,
                Map.of("PGSSLROOTCERT", otherRoot.toString())))
        .isEqualTo("TLS");
  }

  @ParameterizedTest
  @CsvSource({
    "plain_only, Prefer, plain",
    "plain_only, Allow, plain",
    "tls_only, Prefer, TLS",
    "tls_only, Allow, TLS",
  })
  void a_server_that_lets_nobody_in_so_is_asked_the_other_way(
      String user, String mode, String outcome) {
    assertThat(outcome(signed, user, ";SSL Mode=" + mode)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"plain_only, Require, SSL encryption", "tls_only, Disable, no encryption"})
  void the_other_modes_do_not_ask_again(String user, String mode, String way) {
    Program.Result result = run(signed, user, ";SSL Mode=" + mode);

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("pg_hba.conf", way);
  }

  /// What a client's certificate and key may look like.
  enum Form {
    PKCS8,
    ENCRYPTED,
    OLD,
    ONE_FILE,
    PFX
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void a_client_shows_its_certificate_in_each_form(Form form) throws GeneralSecurityException {
    for (String alias : List.of("rsa", "ec")) {
      String pair = shown(alias, form);

      assertThat(outcome(signed, "visitor", ";SSL Mode=Require" + pair)).as(alias).isEqualTo("TLS");
      assertThat(outcome(signed, "visitor", pair)).as(alias).isEqualTo("TLS");
      assertThat(outcome(signed, "visitor", ";SSL Mode=Allow" + pair)).as(alias).isEqualTo("TLS");
      assertThat(outcome(oldest, "visitor", ";SSL Mode=Require" + pair)).as(alias).isEqualTo("TLS");
    }
  }

  private static String shown(String alias, Form form) throws GeneralSecurityException {
    String certificate = ";SSL Certificate=" + certificates.certificate(alias);
    return switch (form) {
      case PKCS8 -> certificate + ";SSL Key=" + certificates.key(alias);
      case ENCRYPTED ->
          certificate
              + ";SSL Password=Geheim-2;SSL Key="
              + certificates.encryptedKey(alias, "Geheim-2");
      case OLD -> certificate + ";SSL Key=" + certificates.oldKey(alias);
      case ONE_FILE -> ";SSL Certificate=" + certificates.both(alias);
      case PFX -> ";SSL Password=Geheim-2;SSL Certificate=" + certificates.pfx(alias, "Geheim-2");
    };
  }

  @Test
  void a_client_certificate_comes_from_the_environment_and_from_the_usual_place()
      throws IOException {
    Path home = folder.resolve("visitor");
    Files.createDirectories(home.resolve(".postgresql"));
    Files.copy(certificates.certificate("rsa"), home.resolve(".postgresql/postgresql.crt"));
    Files.copy(certificates.key("rsa"), home.resolve(".postgresql/postgresql.key"));
    var variables =
        Map.of(
            "PGSSLCERT", certificates.certificate("ec").toString(),
            "PGSSLKEY", certificates.key("ec").toString());

    assertThat(outcome(signed, "visitor", "", variables)).isEqualTo("TLS");
    assertThat(outcome(signed, "visitor", "", Map.of("HOME", home.toString()))).isEqualTo("TLS");
  }

  @Test
  void a_certificate_of_an_authority_that_the_server_does_not_know_is_not_shown() {
    String pair =
        ";SSL Certificate=%s;SSL Key=%s"
            .formatted(certificates.certificate("stranger"), certificates.key("stranger"));

    assertThat(outcome(signed, "postgres", ";SSL Mode=Require" + pair)).isEqualTo("TLS");
    assertThat(outcome(signed, "visitor", ";SSL Mode=Require" + pair))
        .contains("connection requires a valid client certificate");
  }

  @Test
  void a_certificate_for_another_user_is_refused_where_that_is_checked() {
    String pair = ";SSL Certificate=" + certificates.both("rsa");

    assertThat(outcome(signed, "verified", ";SSL Mode=Require" + pair))
        .contains("\"trust\" authentication failed for user \"verified\"", "SSL Certificate");
    assertThat(outcome(signed, "guest", ";SSL Mode=Require" + pair))
        .contains("certificate authentication failed for user \"guest\"", "SSL Certificate");
  }

  /// The server hangs up right behind the alert that tells it.
  @Test
  void a_client_certificate_that_the_server_refuses_is_told_at_once() {
    String pair = ";SSL Mode=Require;SSL Certificate=" + certificates.both("expired");

    for (int i = 0; i < 10; i++) {
      for (int port : new int[] {signed, oldest}) {
        assertThat(outcome(port, "visitor", pair))
            .startsWith("error: ")
            .contains("the server refuses the client certificate: certificate_expired");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Require", "VerifyCA", "VerifyFull"})
  void tls_begins_at_once_with_the_newest_server(String mode) {
    String direct = ";SSL Negotiation=Direct;Root Certificate=" + root + ";SSL Mode=" + mode;

    assertThat(outcome(signed, "postgres", direct)).isEqualTo("TLS");
  }

  @Test
  void channel_binding_is_required_of_tls_alone() {
    String required = PASSWORD + ";Channel Binding=Require";

    assertThat(outcome(signed, "with_scram", required)).isEqualTo("TLS");
    assertThat(outcome(selfSigned, "with_scram", required + ";SSL Mode=Require")).isEqualTo("TLS");
    assertThat(outcome(signed, "with_scram", required + ";SSL Mode=Disable"))
        .contains("the login cannot be bound to a TLS session");
    assertThat(outcome(signed, "with_password", required))
        .contains("the login cannot be bound to a TLS session");
    assertThat(outcome(signed, "with_scram", PASSWORD + ";Channel Binding=Disable"))
        .isEqualTo("TLS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "with_scram | ScramSHA256 | TLS",
        "with_scram | MD5,ScramSHA256,MD5 | TLS",
        "with_scram | !MD5,!Password | TLS",
        "with_scram | MD5 | refused",
        "with_scram | !ScramSHA256 | refused",
        "with_scram | GSS | refused",
        "with_password | Password | TLS",
        "with_password | !Password | refused",
        "tls_only | None | TLS",
        "tls_only | ScramSHA256 | refused",
      })
  void a_login_is_refused_that_is_not_one_of_those_required(
      String user, String methods, String outcome) {
    String actual = outcome(signed, user, PASSWORD + ";Require Auth=" + methods);

    if (outcome.equals("refused")) {
      assertThat(actual).contains("the server asks for a way to log in that is not allowed here");
    } else {
      assertThat(actual).isEqualTo(outcome);
    }
  }

  @Test
  void what_is_required_of_the_login_may_stand_in_the_environment() {
    assertThat(outcome(signed, "with_scram", PASSWORD, Map.of("PGREQUIREAUTH", "MD5")))
        .contains("the server asks for a way to log in that is not allowed here");
  }

  @Test
  void what_an_operator_reads_of_each_failure() throws Exception {
    var all = new StringBuilder();
    String required = ";SSL Mode=Require";
    String rsa = ";SSL Certificate=" + certificates.certificate("rsa");
    Path nothing = Files.writeString(folder.resolve("nothing.pem"), "Geheim-3\n");
    Path broken =
        Files.writeString(
            folder.resolve("broken.pem"),
            """
            -----BEGIN PRIVATE KEY-----
            Geheim-3
            -----END PRIVATE KEY-----
            """);
    Path old =
        Files.writeString(
            folder.resolve("old.pem"),
            """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED

            R2VoZWltLTM=
            -----END RSA PRIVATE KEY-----
            """);
    // EncryptedPrivateKeyInfo of RFC 5208, with the algorithm 1.2.3.4.
    Path unknown =
        Files.writeString(
            folder.resolve("unknown.pem"),
            """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MAwwBQYDKgMEBAMBAgM=
            -----END ENCRYPTED PRIVATE KEY-----
            """);
    String late = required + ";SSL Certificate=" + certificates.both("expired");
    String encrypted = rsa + ";SSL Key=" + certificates.encryptedKey("rsa", "right");
    String pfx = ";SSL Certificate=" + certificates.pfx("rsa", "right");

    add(all, "untrusted", run(selfSigned, "postgres", ";SSL Mode=VerifyCA"));
    add(all, "expired", run(expired, "postgres", ";SSL Mode=VerifyCA;Root Certificate=" + root));
    add(
        all,
        "wrong name",
        run(wrongName, "postgres", ";SSL Mode=VerifyFull;Root Certificate=" + root));
    add(
        all,
        "wrong address",
        run(wrongName, "postgres", ";Host=127.0.0.1;SSL Mode=VerifyFull;Root Certificate=" + root));
    add(all, "no TLS at once", run(oldest, "postgres", required + ";SSL Negotiation=Direct"));
    add(all, "not allowed with TLS", run(signed, "plain_only", required));
    add(all, "allowed neither way", run(signed, "nobody", ""));
    add(all, "allowed neither way, plain first", run(signed, "nobody", ";SSL Mode=Allow"));
    add(all, "no client certificate", run(signed, "visitor", required));
    add(all, "expired client certificate", run(signed, "visitor", late));
    add(all, "expired, to an old server", run(oldest, "visitor", late));
    add(
        all,
        "another user's",
        run(signed, "verified", ";SSL Certificate=" + certificates.both("ec")));
    add(
        all,
        "no binding",
        run(signed, "with_scram", PASSWORD + ";SSL Mode=Disable;Channel Binding=Require"));
    add(all, "not the login required", run(signed, "with_scram", PASSWORD + ";Require Auth=MD5"));
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> askForKerberos(server));
      String connection = "Host=localhost;Port=%d;Username=u".formatted(server.getLocalPort());
      add(all, "Kerberos", Program.in(folder).with("ConnectionStrings__Gateway", connection).run());
    }
    add(
        all,
        "root missing",
        run(signed, "postgres", ";SSL Mode=VerifyFull;Root Certificate=" + folder + "/gone.crt"));
    add(
        all,
        "root is none",
        run(signed, "postgres", ";SSL Mode=VerifyCA;Root Certificate=" + nothing));
    add(all, "missing", run(signed, "postgres", ";SSL Certificate=" + folder + "/gone.crt"));
    add(all, "a folder", run(signed, "postgres", ";SSL Certificate=" + folder));
    add(all, "no certificate", run(signed, "postgres", ";SSL Certificate=" + nothing));
    add(all, "no key in it", run(signed, "postgres", rsa));
    add(all, "no key", run(signed, "postgres", rsa + ";SSL Key=" + nothing));
    add(all, "key missing", run(signed, "postgres", rsa + ";SSL Key=" + folder + "/gone.key"));
    add(all, "broken key", run(signed, "postgres", rsa + ";SSL Key=" + broken));
    add(all, "old encryption", run(signed, "postgres", rsa + ";SSL Key=" + old));
    add(
        all,
        "unknown encryption",
        run(signed, "postgres", rsa + ";SSL Password=Geheim-3;SSL Key=" + unknown));
    add(all, "not its key", run(signed, "postgres", rsa + ";SSL Key=" + certificates.key("ec")));
    add(
        all,
        "not its key, of the same sort",
        run(signed, "postgres", rsa + ";SSL Key=" + certificates.key("self")));
    add(
        all,
        "a password for nothing",
        run(signed, "postgres", rsa + ";SSL Password=Geheim-3;SSL Key=" + certificates.key("rsa")));
    add(all, "no password", run(signed, "postgres", encrypted));
    add(all, "wrong password", run(signed, "postgres", encrypted + ";SSL Password=Geheim-3"));
    add(all, "pfx, wrong password", run(signed, "postgres", pfx + ";SSL Password=Geheim-3"));
    add(all, "pfx, no password", run(signed, "postgres", pfx));
    Path noPfx = Files.copy(nothing, folder.resolve("nothing.pfx"));
    add(all, "no pfx", run(signed, "postgres", ";SSL Certificate=" + noPfx));
    add(all, "pfx missing", run(signed, "postgres", ";SSL Certificate=" + folder + "/gone.pfx"));
    add(
        all,
        "missing, in the second try",
        run(signed, "tls_only", ";SSL Mode=Allow;SSL Certificate=" + folder + "/gone.crt"));

    assertThat(all.toString()).doesNotContain("Geheim");
    Golden.check(
        "dev/slipway/tls-failures.txt",
        all.toString()
            .replace(folder.toString(), "FOLDER")
            .replaceAll("127.0.0.1:\\d+", "127.0.0.1:PORT"));
  }

  /// PostgreSQL as we test with it is built without Kerberos. This refuses TLS, reads the start-up
  /// packet and asks for GSSAPI (PostgreSQL documentation, "Message Formats").
  private static void askForKerberos(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().readNBytes(8);
      client.getOutputStream().write('N');
      byte[] length = client.getInputStream().readNBytes(4);
      client.getInputStream().readNBytes(ByteBuffer.wrap(length).getInt() - 4);
      client.getOutputStream().write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 7});
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(StringBuilder all, String name, Program.Result result) {
    all.append("# ").append(name).append('\n').append(result).append('\n');
  }
}
