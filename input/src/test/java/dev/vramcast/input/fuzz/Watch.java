package dev.vramcast.input.fuzz;

import java.util.concurrent.TimeUnit;

/** Ends the process with the input that a target hangs at, which would never say so itself. */
final class Watch {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private static volatile String name = "";
  private static volatile byte[] input = {};

  /** Since when; 0 while nothing is tried. */
  private static volatile long since;

  static {
    Thread watch = new Thread(Watch::look, "fuzz watch");
    watch.setDaemon(true);
    watch.start();
  }

  private Watch() {}

  static void begin(String target, byte[] tried) {
    name = target;
    input = tried;
    since = System.nanoTime();
  }

  static void end() {
    since = 0;
  }

  private static void look() {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(5);
        long begun = since;
        if (begun != 0 && System.nanoTime() - begun > PATIENCE_NANOS) {
          System.err.println(name + " hangs at an " + Fuzz.shown(input));
          Runtime.getRuntime().halt(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
