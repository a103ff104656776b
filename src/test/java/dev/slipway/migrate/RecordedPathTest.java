package dev.slipway.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedPathTest {
  @ParameterizedTest
  @CsvSource({
    "db/a.xml",
    "classpath:db/a.xml",
    "classpath:/db/a.xml",
    "/db/a.xml",
    "./db/a.xml",
    "db//a.xml",
    "db/./a.xml",
    "db/v1/../a.xml",
    "db\\a.xml",
    "C:\\db\\a.xml",
    "DB/A.XML"
  })
  void spellings_of_one_path_are_the_same(String path) {
    assertThat(RecordedPath.of(path)).isEqualTo(RecordedPath.of("db/a.xml"));
  }

  @ParameterizedTest
  @CsvSource({
    "db/a.xml, a.xml, 1",
    "a.xml, app/db/a.xml, 1",
    "app/db/a.xml, db/a.xml, 2",
    "BOOT-INF/classes!/db/a.xml, classpath:db/a.xml, 2",
    "db/a.xml, other/a.xml, 0",
    "db/a.xml, ba.xml, 0",
    "../db/a.xml, db/a.xml, 2",
    "../../a.xml, a.xml, 1",
    "'', a.xml, 0"
  })
  void one_may_be_the_end_of_the_other_by_whole_segments(String one, String other, int length) {
    assertThat(RecordedPath.of(one).overlap(RecordedPath.of(other))).isEqualTo(length);
    assertThat(RecordedPath.of(other).overlap(RecordedPath.of(one))).isEqualTo(length);
  }
}
