package dev.slipway.migration;

import java.util.Set;

/// Which former texts of an applied migration its author accepts as good as today's.
public sealed interface Edits {
  Edits NONE = new Listed(Set.of());

  /// Whether a text with this checksum counts as the present one.
  boolean accept(Checksum applied);

  /// Whatever the text was.
  record Any() implements Edits {
    @Override
    public boolean accept(Checksum applied) {
      return true;
    }
  }

  /// Another text is another one, but no conflict: a tool writes the file anew with each release.
  record Regenerated() implements Edits {
    @Override
    public boolean accept(Checksum applied) {
      return false;
    }
  }

  record Listed(Set<Checksum> checksums) implements Edits {
    public Listed {
      checksums = Set.copyOf(checksums);
    }

    @Override
    public boolean accept(Checksum applied) {
      return checksums.contains(applied);
    }
  }
}
