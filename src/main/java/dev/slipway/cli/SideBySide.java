package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does the same for each of several things, some of them at the same time, a virtual thread each.
/// What one throws is thrown when all have come to their end; nothing is begun any more by then.
final class SideBySide {
  private SideBySide() {}

  /// @param most how many at a time; with one they are done here, in order
  static <T> void forEach(List<T> items, int most, Consumer<T> action) {
    if (most == 1 || items.size() < 2) {
      for (T item : items) {
        action.accept(item);
      }
      return;
    }
    var places = new Semaphore(most, true);
    var thrown = new AtomicReference<@Nullable Throwable>();
    List<Thread> threads = new ArrayList<>();
    for (T item : items) {
      threads.add(
          Thread.ofVirtual()
              .inheritInheritableThreadLocals(false) // Liquibase's scope is one of them.
              .unstarted(() -> act(item, places, thrown, action)));
    }
    for (Thread thread : threads) {
      places.acquireUninterruptibly(); // So that they begin in order.
      thread.start();
    }
    for (Thread thread : threads) {
      join(thread);
    }
    switch (thrown.get()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  private static <T> void act(
      T item, Semaphore places, AtomicReference<@Nullable Throwable> thrown, Consumer<T> action) {
    try {
      if (thrown.get() == null) {
        action.accept(item);
      }
    } catch (RuntimeException | Error e) {
      thrown.compareAndSet(null, e);
    } finally {
      places.release();
    }
  }

  /// A signal reaches the sessions and those who wait for a server; this thread waits for them.
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
