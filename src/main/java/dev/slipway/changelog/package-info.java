/// Changelogs on disk: which files belong to one, and which changelog belongs to which database.
@NullMarked
package dev.slipway.changelog;

import org.jspecify.annotations.NullMarked;
