package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.TargetState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionStringTest {
  private static final String SOURCE = "connection string \"Gateway\"";

  @Test
  void what_is_written_is_understood() {
    ConnectionString string =
        parse(
            "Host=db;Port=6000;Database=app;Username=u;Password='p;\"q';Search Path=$user,app;"
                + "Timezone=Europe/Berlin;Application Name=a;Options=-c jit=off;Timeout=3;"
                + "Command Timeout=60;SSL Mode=VerifyFull;Root Certificate=/ca.pem;Keepalive=30");

    assertThat(string.name()).isEqualTo("Gateway");
    assertThat(string.hosts()).containsExactly(new HostAddress("db", 6000));
    assertThat(string.database()).contains("app");
    assertThat(string.username()).contains("u");
    assertThat(string.password()).contains(new Secret("p;\"q"));
    assertThat(string.searchPath()).contains("$user,app");
    assertThat(string.timezone()).contains("Europe/Berlin");
    assertThat(string.applicationName()).contains("a");
    assertThat(string.options()).contains("-c jit=off");
    assertThat(string.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(string.commandTimeout()).contains(Duration.ofMinutes(1));
    assertThat(string.sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(string.rootCertificate()).contains(Path.of("/ca.pem"));
    assertThat(string.tcpKeepalive()).isTrue();
    assertThat(string.warnings()).isEmpty();
  }

  @Test
  void what_is_not_written_has_the_default_of_Npgsql() {
    ConnectionString string = parse("Host=db");

    assertThat(string.hosts()).containsExactly(new HostAddress("db", 5432));
    assertThat(string.database()).isEmpty();
    assertThat(string.username()).isEmpty();
    assertThat(string.password()).isEmpty();
    assertThat(string.searchPath()).isEmpty();
    assertThat(string.timezone()).isEmpty();
    assertThat(string.applicationName()).isEmpty();
    assertThat(string.options()).isEmpty();
    assertThat(string.timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(string.sslMode()).isEqualTo(SslMode.PREFER);
    assertThat(string.rootCertificate()).isEmpty();
    assertThat(string.tcpKeepalive()).isFalse();
  }

  @Test
  void the_command_timeout_counts_only_when_written() {
    assertThat(parse("Host=db").commandTimeout()).isEmpty();
    assertThat(parse("Host=db;CommandTimeout=0").commandTimeout()).contains(Duration.ZERO);
  }

  @Test
  void the_database_is_that_of_the_user_if_not_named() {
    assertThat(parse("Host=db;Username=u").database()).contains("u");
  }

  @Test
  void a_host_may_bring_its_port_along() {
    assertThat(parse("Host=db:6000;Port=1").hosts()).containsExactly(new HostAddress("db", 6000));
    assertThat(parse("Host=[::1]:6000").hosts()).containsExactly(new HostAddress("::1", 6000));
    assertThat(parse("Host=[::1]").hosts()).containsExactly(new HostAddress("::1", 5432));
    assertThat(parse("Host=fe80::1").hosts()).containsExactly(new HostAddress("fe80::1", 5432));
  }

  @Test
  void a_folder_is_that_of_a_Unix_socket() {
    HostAddress address = parse("Host=/var/run/postgresql;Port=6000").hosts().getFirst();

    assertThat(address.unixSocket()).contains(Path.of("/var/run/postgresql/.s.PGSQL.6000"));
    assertThat(address).hasToString("/var/run/postgresql/.s.PGSQL.6000");
    assertThat(parse("Host=db").hosts().getFirst().unixSocket()).isEmpty();
  }

  @Test
  void addresses_are_printed_with_their_port() {
    assertThat(new HostAddress("db", 5432)).hasToString("db:5432");
    assertThat(new HostAddress("::1", 5432)).hasToString("[::1]:5432");
  }

  @Test
  void all_six_modes_of_TLS_are_understood() {
    for (SslMode mode : SslMode.values()) {
      assertThat(parse("Host=db;SSL Mode=" + mode.text()).sslMode()).isEqualTo(mode);
    }
    assertThat(parse("Host=db;SSL Mode=3").sslMode()).isEqualTo(SslMode.REQUIRE);
  }

  @Test
  void variables_that_Npgsql_honours_fill_the_gaps() {
    var environment =
        Map.of(
            "PGUSER", "u",
            "PGPASSWORD", "p",
            "PGAPPNAME", "a",
            "PGTZ", "UTC",
            "PGOPTIONS", "-c jit=off",
            "PGSSLROOTCERT", "/ca.pem",
            "PGCLIENTENCODING", "utf8",
            "PGDATABASE", "not read",
            "PGPORT", "6000");

    ConnectionString string = ConnectionString.parse("Gateway", "Host=db", environment);

    assertThat(string.username()).contains("u");
    assertThat(string.database()).contains("u");
    assertThat(string.password()).contains(new Secret("p"));
    assertThat(string.applicationName()).contains("a");
    assertThat(string.timezone()).contains("UTC");
    assertThat(string.options()).contains("-c jit=off");
    assertThat(string.rootCertificate()).contains(Path.of("/ca.pem"));
    assertThat(string.hosts()).containsExactly(new HostAddress("db", 5432));
  }

  @Test
  void what_is_written_counts_more_than_variables() {
    var environment = Map.of("PGUSER", "v", "PGPASSWORD", "q");

    ConnectionString string =
        ConnectionString.parse("Gateway", "Host=db;Username=u;Password=p", environment);

    assertThat(string.username()).contains("u");
    assertThat(string.password()).contains(new Secret("p"));
  }

  @Test
  void a_variable_whose_effect_is_not_supported_is_refused_by_its_name() {
    assertThat(problems("Host=db", Map.of("PGGSSENCMODE", "require", "PGSSLNEGOTIATION", "direct")))
        .containsExactlyInAnyOrder(
            new ConfigurationProblem(
                "environment variable PGSSLNEGOTIATION",
                "\"SSL Negotiation\" of connection string \"Gateway\" cannot be Direct with SSL Mode"
                    + " Prefer",
                "Write SSL Mode=Require, VerifyCA or VerifyFull, or SSL Negotiation=Postgres."),
            new ConfigurationProblem(
                "environment variable PGGSSENCMODE",
                "\"GSS Encryption Mode\" of connection string \"Gateway\" cannot be \"Require\"",
                "Take it out, or write Disable or Prefer: connections are encrypted with TLS, not with"
                    + " Kerberos."));
  }

  @Test
  void the_own_folder_gives_root_certificate_and_password_file(@TempDir Path home)
      throws IOException {
    Files.createDirectories(home.resolve(".postgresql"));
    Files.writeString(home.resolve(".postgresql/root.crt"), "");
    Files.writeString(home.resolve(".pgpass"), "db:5432:app:u:p\\:q\n");

    ConnectionString string =
        ConnectionString.parse(
            "Gateway", "Host=db;Database=app;Username=u", Map.of("HOME", home.toString()));

    assertThat(string.rootCertificate()).contains(home.resolve(".postgresql/root.crt"));
    assertThat(string.readPassword(string.hosts().getFirst(), "os-user"))
        .contains(new Secret("p:q"));
  }

  @Test
  void the_password_file_is_read_at_each_connect(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("passwords");
    ConnectionString string = parse("Host=db;Passfile=" + file);

    Files.writeString(file, "*:*:os-user:os-user:first\n");
    assertThat(string.readPassword(string.hosts().getFirst(), "os-user"))
        .contains(new Secret("first"));
    Files.writeString(file, "*:*:os-user:os-user:second\n");
    assertThat(string.readPassword(string.hosts().getFirst(), "os-user"))
        .contains(new Secret("second"));
    assertThat(string.password()).isEmpty();
  }

  @Test
  void a_written_password_needs_no_file() {
    assertThat(
            parse("Host=db;Password=;Passfile=/none;Password=p")
                .readPassword(new HostAddress("db", 5432), "u"))
        .contains(new Secret("p"));
  }

  @Test
  void all_problems_are_told_at_once() {
    assertThat(problems("Portt=1;SSL Mode=verify-full;Pooling=yes;Timeout=2000;Schema=app"))
        .containsExactly(
            new ConfigurationProblem(
                SOURCE, SOURCE + " has an unknown key \"portt\"", "Did you mean \"Port\"?"),
            new ConfigurationProblem(
                SOURCE,
                "\"SSL Mode\" of " + SOURCE + " cannot be \"verify-full\"",
                "Did you mean VerifyFull? Write one of Disable, Allow, Prefer, Require, VerifyCA,"
                    + " VerifyFull."),
            new ConfigurationProblem(
                SOURCE, "\"Pooling\" of " + SOURCE + " cannot be \"yes\"", "Write true or false."),
            new ConfigurationProblem(
                SOURCE,
                "\"Timeout\" of " + SOURCE + " cannot be \"2000\"",
                "Write a whole number from 0 to 1024."),
            new ConfigurationProblem(
                SOURCE, SOURCE + " has an unknown key \"schema\"", "Did you mean \"Search Path\"?"),
            new ConfigurationProblem(SOURCE, SOURCE + " names no host", "Add Host=…; to it."));
  }

  @Test
  void a_malformed_string_is_told_with_the_index() {
    ConfigurationException failure = failure("Host=db;Password=\"a\" x", Map.of());

    assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
    assertThat(failure.state()).isEqualTo(TargetState.UNCHANGED);
    assertThat(failure.message())
        .isEqualTo("connection string \"Gateway\" cannot be read from index 8 on");
    assertThat(failure.detail()).isEqualTo("It comes from connection string \"Gateway\".");
    assertThat(failure.hint())
        .isEqualTo(
            "Write Key=value pairs with semicolons between them, and quote a value that holds a"
                + " semicolon or begins or ends with a quote: Password=\"a;b\".");
  }

  @Test
  void an_unknown_key_behind_a_password_may_be_a_piece_of_it_and_is_not_shown() {
    assertThat(problems("Host=db;Password=abc;def=ghi;Database=app"))
        .containsExactly(
            new ConfigurationProblem(
                SOURCE,
                SOURCE + " has an unknown key at index 21",
                "Take it out, or write a key that Npgsql knows, such as Host, Port, Database,"
                    + " Username. A password that holds a semicolon must be quoted."));
  }

  @Test
  void a_forgotten_semicolon_before_the_password_is_noticed_and_not_shown() {
    assertThat(problems("Host=db;Database=app Password=secret"))
        .containsExactly(
            new ConfigurationProblem(
                SOURCE,
                "\"Database\" of " + SOURCE + " holds a password",
                "Write a semicolon before the password's key."));
  }

  @Test
  void an_empty_string_is_refused() {
    assertThat(problems(" "))
        .containsExactly(
            new ConfigurationProblem(
                SOURCE,
                SOURCE + " is empty",
                "Give it a value such as Host=localhost;Database=app;Username=app."));
  }

  @Test
  void PGHOST_is_not_read_and_this_is_said() {
    assertThat(problems("Database=app", Map.of("PGHOST", "db")))
        .extracting(ConfigurationProblem::hint)
        .containsExactly("Add Host=…; to it: PGHOST is not read, as Npgsql does not read it.");
  }

  @Test
  void several_hosts_have_a_port_each_or_the_common_one() {
    ConnectionString string = parse("Host= a ,b:6000,[::1]:6001,/run/pg;Port=7000");

    assertThat(string.hosts())
        .containsExactly(
            new HostAddress("a", 7000),
            new HostAddress("b", 6000),
            new HostAddress("::1", 6001),
            new HostAddress("/run/pg", 7000));
    assertThat(string.targetSession()).isEqualTo(TargetSession.ANY);
  }

  @Test
  void one_of_several_hosts_is_chosen_as_the_string_or_its_variable_says() {
    var variable = Map.of("PGTARGETSESSIONATTRS", "prefer-standby");

    assertThat(parse("Host=a,b;Target Session Attributes=Read-Write").targetSession())
        .isEqualTo(TargetSession.READ_WRITE);
    assertThat(ConnectionString.parse("Gateway", "Host=a,b", variable).targetSession())
        .isEqualTo(TargetSession.PREFER_STANDBY);
    assertThat(ConnectionString.parse("Gateway", "Host=a", variable).targetSession())
        .isEqualTo(TargetSession.ANY);
  }

  @Test
  void an_empty_host_among_several_is_refused() {
    assertThat(problems("Host=a,,b"))
        .containsExactly(
            new ConfigurationProblem(
                SOURCE,
                SOURCE + " names an empty host",
                "Write a host before each port and between two commas."));
  }

  @Test
  void what_TLS_is_to_be_is_read() {
    ConnectionString string =
        parse(
            "Host=db;SSL Mode=VerifyFull;SSL Negotiation=Direct;SSL Certificate=/c.crt;SSL Key=/c.key;"
                + "SSL Password=secret;Channel Binding=Require;Require Auth=!Password");

    assertThat(string.sslNegotiation()).isEqualTo(SslNegotiation.DIRECT);
    assertThat(string.clientCertificate())
        .contains(
            new ClientCertificate(
                Path.of("/c.crt"),
                Optional.of(Path.of("/c.key")),
                Optional.of(new Secret("secret"))));
    assertThat(string.channelBinding()).isEqualTo(ChannelBinding.REQUIRE);
    assertThat(string.requireAuth()).contains("!Password");
  }

  @Test
  void a_client_certificate_is_looked_for_in_the_home_folder(@TempDir Path home)
      throws IOException {
    Path folder = Files.createDirectories(home.resolve(".postgresql"));
    var environment = Map.of("HOME", home.toString());
    ConnectionString string = ConnectionString.parse("Gateway", "Host=db", environment);
    assertThat(string.clientCertificate()).isEmpty();

    Path certificate = Files.writeString(folder.resolve("postgresql.crt"), "");

    assertThat(string.clientCertificate())
        .contains(new ClientCertificate(certificate, Optional.empty(), Optional.empty()));
    Path key = Files.writeString(folder.resolve("postgresql.key"), "");
    assertThat(string.clientCertificate())
        .contains(new ClientCertificate(certificate, Optional.of(key), Optional.empty()));
  }

  @Test
  void keepalive_times_are_seconds() {
    ConnectionString string = parse("Host=db;TCP Keepalive Time=30");

    assertThat(string.tcpKeepalive()).isTrue();
    assertThat(string.tcpKeepaliveTime()).contains(Duration.ofSeconds(30));
    assertThat(string.tcpKeepaliveInterval()).contains(Duration.ofSeconds(30));
    assertThat(
            parse("Host=db;TCP Keepalive Time=30;TCP Keepalive Interval=5").tcpKeepaliveInterval())
        .contains(Duration.ofSeconds(5));
  }

  @Test
  void keys_without_effect_are_warned_of() {
    ConnectionString string =
        parse("Host=db;Trust Server Certificate=true;Pooling=false;Internal Command Timeout=5");

    assertThat(string.warnings())
        .containsExactly(
            "\"Trust Server Certificate\" has no effect: Npgsql ignores it since version 8; SSL Mode"
                + " alone decides what is checked.",
            "\"Internal Command Timeout\" has no effect: Npgsql ignores it since version 8.");
  }

  @Test
  void values_that_ask_for_nothing_are_accepted_of_keys_that_are_refused() {
    ConnectionString string =
        parse(
            "Host=db;SSL Negotiation=postgres;GSS Encryption Mode=Prefer;Channel Binding=prefer;"
                + "Check Certificate Revocation=false;Include Realm=true;Encoding=utf-8;"
                + "Target Session Attributes=Any;Replication Mode=Off;Integrated Security=false");

    assertThat(string.warnings()).isEmpty();
  }

  @Test
  void it_is_printed_without_its_password() {
    assertThat(parse("Host=db;Username=u;Password=secret")).hasToString("Gateway ([db:5432])");
    assertThat(parse("Host=db;Password=secret").password()).hasToString("Optional[***]");
  }

  private static ConnectionString parse(String text) {
    return ConnectionString.parse("Gateway", text);
  }

  private static List<ConfigurationProblem> problems(String text) {
    return problems(text, Map.of());
  }

  private static List<ConfigurationProblem> problems(String text, Map<String, String> environment) {
    return failure(text, environment).problems();
  }

  private static ConfigurationException failure(String text, Map<String, String> environment) {
    return catchThrowableOfType(
        ConfigurationException.class, () -> ConnectionString.parse("Gateway", text, environment));
  }
}
