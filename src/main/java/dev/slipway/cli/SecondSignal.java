package dev.slipway.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// A signal that comes while the first is being served. The JVM ignores it then, unless somebody
/// asks for it. That can be done with `sun.misc.Signal` only, which javac warns of (JDK 25, module
/// `jdk.unsupported`); so it is looked up, and where it is not to be had the first signal's moment
/// is waited for.
final class SecondSignal {
  /// What a shell adds to a signal's number.
  private static final int SIGNALLED = 128;

  private SecondSignal() {}

  static void endsAtOnce(Interruption.Ending ending) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method number = signal.getMethod("getNumber");
      Object handling =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, arguments) -> {
                ending.end(SIGNALLED + (int) number.invoke(arguments[0]));
                return null;
              });
      Method handle = signal.getMethod("handle", signal, handler);
      for (String name : new String[] {"TERM", "INT"}) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException _) {
      // No harm: the program ends after its moment.
    }
  }
}
