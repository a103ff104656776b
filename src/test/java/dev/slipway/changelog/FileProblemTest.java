package dev.slipway.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileProblemTest {
  @Test
  void where_the_image_looks_a_wrong_mount_is_told_from_none() {
    var mounted = Path.of("/changelog");

    assertThat(FileProblem.empty(mounted, mounted).hint().lines())
        .containsExactly(
            "Bring yours: docker run -v ./changelog:/changelog:ro …, or an image of your own from"
                + " FROM slipway and COPY changelog /changelog",
            "If a folder is mounted there already, it is empty: Docker makes such a one of a path"
                + " that does not exist.");
  }
}
