package dev.slipway.sql;

/// The memory that a large text is read into.
///
/// The serial collector lets the heap grow up to its limit before it looks through more than the
/// youngest objects: where the machine has much memory, all that was ever read would stay resident.
final class Heap {
  private static final int BYTES_PER_CHARACTER = 2;

  private Heap() {}

  /// Has garbage collected if the heap would have to grow for this many characters.
  static void makeRoom(long characters) {
    if (Runtime.getRuntime().freeMemory() < BYTES_PER_CHARACTER * characters) {
      System.gc();
    }
  }
}
