package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionUriTest {
  private static final String NAME = "connection string \"Gateway\"";

  /// The other column is the same as a connection string of Npgsql's.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgres://h                          | Host=h
          postgresql://h/d                      | Host=h;Database=d
          POSTGRES://u@h:6000/d                 | Host=h:6000;Database=d;Username=u
          postgres://u:p@h/d                    | Host=h;Database=d;Username=u;Password=p
          postgres://u:p%40%2F%3A%25@h/d%20x    | Host=h;Database=d x;Username=u;Password=p@/:%
          postgres://u:a+b@h/d                  | Host=h;Database=d;Username=u;Password=a+b
          postgres://a:1,b:2/d                  | Host=a:1,b:2;Database=d
          postgres://[::1]:6000/d               | Host=[::1]:6000;Database=d
          postgres://%2Frun%2Fpg/d              | Host=/run/pg;Database=d
          postgres://%2Frun%2Fpg:6000/d         | Host=/run/pg;Database=d;Port=6000
          postgres:///d?host=/run/pg&port=6000  | Host=/run/pg;Database=d;Port=6000
          postgres:///d?host=a,b&port=1,2       | Host=a:1,b:2;Database=d
          postgres://h?dbname=d&user=u&password=p | Host=h;Database=d;Username=u;Password=p
          postgres://h/d?sslmode=verify-full    | Host=h;Database=d;SSL Mode=VerifyFull
          postgres://h/d?sslmode=require&channel_binding=require | Host=h;Database=d;SSL Mode=Require;Channel Binding=Require
          postgres://h/d?options=-csearch_path%3Dapp | Host=h;Database=d;Options=-csearch_path=app
          postgres://h/d?application_name=x&connect_timeout=3 | Host=h;Database=d;Application Name=x;Timeout=3
          postgres://h/d?require_auth=scram-sha-256,md5 | Host=h;Database=d;Require Auth='ScramSHA256,MD5'
          postgres://h/d?require_auth=!password | Host=h;Database=d;Require Auth=!Password
          postgres://a,b/d?target_session_attrs=read-write | Host=a,b;Database=d;Target Session Attributes=read-write
          postgres://a,b/d?load_balance_hosts=random | Host=a,b;Database=d;Load Balance Hosts=true
          postgres://h/d?keepalives=1&keepalives_idle=9 | Host=h;Database=d;TCP Keepalive=true;TCP Keepalive Time=9
          postgres://h/d?sslsni=1               | Host=h;Database=d
          postgres://h/d?sslrootcert=system     | Host=h;Database=d
          jdbc:postgresql:d                     | Host=localhost;Database=d
          jdbc:postgresql:/                     | Host=localhost
          jdbc:postgresql://h/d                 | Host=h;Database=d
          jdbc:postgresql://a:1,b/d?targetServerType=preferSecondary | Host=a:1,b;Database=d;Target Session Attributes=prefer-standby
          jdbc:postgresql://h/d?user=u&password=p%26q+r | Host=h;Database=d;Username=u;Password=p&q r
          jdbc:postgresql://h/d?currentSchema=a,b&ApplicationName=x | Host=h;Database=d;Search Path='a,b';Application Name=x
          jdbc:postgresql://h/d?ssl=true        | Host=h;Database=d;SSL Mode=VerifyFull
          jdbc:postgresql://h/d?ssl             | Host=h;Database=d;SSL Mode=VerifyFull
          jdbc:postgresql://h/d?ssl=false       | Host=h;Database=d
          jdbc:postgresql://h/d?ssl=true&sslmode=require | Host=h;Database=d;SSL Mode=Require
          jdbc:postgresql://h/d?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory | Host=h;Database=d;SSL Mode=Require
          jdbc:postgresql://h/d?reWriteBatchedInserts=true&prepareThreshold=0 | Host=h;Database=d
          """)
  void it_means_the_same_as_a_string_of_keys(String uri, String keys) {
    assertThat(canonical(uri)).isEqualTo(canonical(keys));
  }

  @Test
  void without_a_host_it_means_the_Unix_socket() {
    ConnectionString string = ConnectionString.parse("Gateway", "postgres:///app");

    assertThat(string.hosts()).singleElement().matches(host -> host.unixSocket().isPresent());
    assertThat(string.database()).contains("app");
  }

  @Test
  void a_single_host_may_be_one_that_must_be_writable() {
    ConnectionString string =
        ConnectionString.parse("Gateway", "postgres://h/d?target_session_attrs=read-write");

    assertThat(string.targetSession()).isEqualTo(TargetSession.READ_WRITE);
  }

  @Test
  void a_parameter_that_would_end_long_statements_is_warned_of() {
    assertThat(
            ConnectionString.parse("Gateway", "jdbc:postgresql://h/d?socketTimeout=30").warnings())
        .containsExactly(
            "\"socketTimeout\" has no effect: it would end long statements; Command Timeout does that,"
                + " if wanted.");
  }

  @Test
  void an_unknown_parameter_is_refused_with_the_nearest() {
    assertThat(problems("postgres://h/d?sslmod=require"))
        .containsExactly(
            new ConfigurationProblem(
                NAME, NAME + " has an unknown parameter \"sslmod\"", "Did you mean \"sslmode\"?"));
  }

  @Test
  void parameters_of_the_other_form_are_unknown() {
    assertThat(problems("postgres://h/d?currentSchema=app"))
        .extracting(ConfigurationProblem::message)
        .containsExactly(NAME + " has an unknown parameter \"currentSchema\"");
    assertThat(problems("jdbc:postgresql://h/d?channel_binding=require"))
        .extracting(ConfigurationProblem::hint)
        .containsExactly("Did you mean \"channelBinding\"?");
  }

  /// None of these may show what may be a password.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:s3cr@t@h/d",
        "postgres://u:s3cr/t@h/d",
        "postgres://u:s3cr%t@h/d",
        "postgres://u:s3cr%zzt@h/d",
        "postgres://u:s3cr%00t@h/d",
        "postgres://u:s3cr%FFt@h/d",
        "postgres://u:s3crt@h:port/d",
        "postgres://u:s3crt@h/d?sslmode=s3cr=t",
        "postgres://u:s3crt@h/d?s3cr;t",
        "postgres://u:s3cr?t@h/d",
        "postgres://u:p?s3cr=t@h/d",
        "postgres://h/dpassword=s3crt",
        "postgres://Password=s3crt@h/d",
        "jdbc:postgresql://h/d?user=u&password=p&s3cr=t",
        "postgres://a,b/d?port=1,2,3&password=s3crt",
        "jdbc:postgresql://u:s3crt@h/d",
        "jdbc:postgresql://h/d?password=s3cr%",
        "jdbc:mysql://h/d?password=s3crt",
        "jdbc:postgresql://h/d;user=u;password=s3crt",
        "postgres://h/d&password=s3crt",
        "jdbc:postgresql://h/d?password=s3crt&sslfactory=com.example.Factory"
      })
  void what_cannot_be_read_is_refused_without_showing_it(String uri) {
    List<ConfigurationProblem> problems = problems(uri);

    assertThat(problems).isNotEmpty();
    assertThat(problems.toString()).doesNotContain("s3cr");
  }

  private static Map<ConnectionKey, String> canonical(String text) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Map<ConnectionKey, String> canonical =
        new TreeMap<>(ConnectionStringReader.canonical(given(text), problems));
    assertThat(problems).isEmpty();
    return canonical;
  }

  private static List<ConfigurationProblem> problems(String text) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Optional<ConnectionString> read =
        ConnectionStringReader.read(given(text), Optional.empty(), Map.of(), problems);
    assertThat(read).isEmpty();
    return problems;
  }

  private static Given given(String text) {
    return new Given("Gateway", text, NAME);
  }
}
