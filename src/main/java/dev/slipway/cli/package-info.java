/// The command line: a class per command, text and JSON as two renderings, exit codes. The only
/// package that prints, and the only place that chains verbs.
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
