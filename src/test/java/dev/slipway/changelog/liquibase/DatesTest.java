package dev.slipway.changelog.liquibase;

import static dev.slipway.changelog.liquibase.ReadChangelog.changeset;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Dates and times mean the same wherever and whenever their SQL is made.
class DatesTest {
  @TempDir private Path path;

  private ReadChangelog changelog(String changes) {
    return ReadChangelog.in(path).xml("changelog.xml", changeset("a", "", changes));
  }

  private ReadChangelog data(String change, String cells) {
    return changelog(change).file("a.csv", "id,day,moment,hour\n1," + cells + "\n");
  }

  private static String loading(String change, String attributes) {
    return """
        <%1$s tableName="t" file="a.csv" %2$s>
          <column name="id" type="NUMERIC"/>
          <column name="day" type="DATE" defaultValueDate="2020-02-02"/>
          <column name="moment" type="datetime" nullPlaceholder="-"/>
          <column name="hour" type="TIME"/>
        </%1$s>
        """
        .formatted(change, attributes);
  }

  private static String inserting(String date) {
    return "<insert tableName=\"t\"><column name=\"c\" valueDate=\"%s\"/></insert>".formatted(date);
  }

  private static List<String> inEachZone(ReadChangelog changelog) {
    TimeZone before = TimeZone.getDefault();
    List<List<String>> made = new ArrayList<>();
    try {
      for (String zone : List.of("Europe/Berlin", "America/St_Johns")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        made.add(changelog.statements("a"));
      }
    } finally {
      TimeZone.setDefault(before);
    }
    assertThat(made.getFirst()).isEqualTo(made.getLast());
    return made.getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      textBlock =
          """
          2001-02-03                   , '2001-02-03'
          2001-02-30                   , '2001-03-02'
          04:05:06                     , '04:05:06'
          2001-02-03T04:05:06          , '2001-02-03 04:05:06'
          2001-02-03 04:05:06.7890     , '2001-02-03 04:05:06.789'
          2024-03-31T02:30:00          , '2024-03-31 02:30:00'
          2001-02-03T04:05:06+02:00    , '2001-02-03 02:05:06+00:00'
          2001-02-03T00:05:06-03:30    , '2001-02-03 03:35:06+00:00'
          now()                        , NOW()
          """)
  void a_value_is_written_as_it_is_meant(String value, String sql) {
    String changes =
        """
        <insert tableName="t"><column name="c" valueDate="%1$s"/></insert>
        <update tableName="t"><column name="c" valueDate="%1$s"/></update>
        <addDefaultValue tableName="t" columnName="c" defaultValueDate="%1$s"/>
        <createTable tableName="u"><column name="c" type="text" defaultValueDate="%1$s"/></createTable>
        <addColumn tableName="t"><column name="c" type="text" defaultValueDate="%1$s"/></addColumn>
        """
            .formatted(value);

    assertThat(inEachZone(changelog(changes)))
        .containsExactly(
            "INSERT INTO t (c) VALUES (" + sql + ")",
            "UPDATE t SET c = " + sql,
            "ALTER TABLE t ALTER COLUMN  c SET DEFAULT " + sql,
            "CREATE TABLE u (c TEXT DEFAULT " + sql + ")",
            "ALTER TABLE t ADD c TEXT DEFAULT " + sql);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "usePreparedStatements=\"false\""})
  void loaded_cells_are_written_as_they_are_meant(String attributes) {
    String load = loading("loadData", attributes);

    assertThat(inEachZone(data(load, "2001-02-03,2001-02-03T04:05:06+02:00,04:05:06")))
        .containsExactly(
            "INSERT INTO t (id, day, moment, hour) VALUES"
                + " (1, '2001-02-03', '2001-02-03 02:05:06+00:00', '04:05:06')");
    assertThat(inEachZone(data(load, ",-,NULL")))
        .containsExactly(
            "INSERT INTO t (id, day, moment, hour) VALUES (1, '2020-02-02', NULL, NULL)");
    assertThat(inEachZone(data(load, "today-2,now,NOW+3h")))
        .containsExactly(
            "INSERT INTO t (id, day, moment, hour) VALUES"
                + " (1, CAST(NOW() - interval '2 days' AS date), NOW(),"
                + " CAST(NOW() + interval '3 hours' AS time))");
  }

  @Test
  void updated_cells_are_written_as_they_are_meant() {
    String load = loading("loadUpdateData", "primaryKey=\"id\"");

    assertThat(inEachZone(data(load, "today,2001-02-03T04:05:06+02:00,")).getFirst())
        .contains("day = CAST(NOW() AS date), hour = NULL, moment = ''2001-02-03 02:05:06+00:00''");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001-02-03T04:05:06Z",
        "2001-02-03T04:05:06.789+02:00",
        "2001-02-03 04:05:06+02:00",
        "2001-02-03T04:05",
        "12:00:00+02:00",
        "03/02/2001",
        "Sat Feb 03 04:05:06 CET 2001"
      })
  void what_liquibase_would_misread_is_refused(String value) {
    assertThat(changelog(inserting(value)).problems())
        .containsExactly("valueDate \"" + value + "\" is no date or time");
    assertThat(data(loading("loadData", ""), "2001-02-03," + value + ",NULL").problems())
        .containsExactly(
            "row 2 of \"a.csv\" has \""
                + value
                + "\" in column \"moment\", which is no date or"
                + " time");
  }

  @ParameterizedTest
  @ValueSource(strings = {"now()", "now+3", "now+3weeks", "today+1d", "nowhere"})
  void a_time_of_loading_that_liquibase_does_not_know_is_refused(String cell) {
    assertThat(data(loading("loadData", ""), cell + ",,").problems())
        .containsExactly(
            "row 2 of \"a.csv\" has \"" + cell + "\" in column \"day\", which is no date or time");
  }
}
