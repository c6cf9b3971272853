import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Field;
import java.util.Arrays;

/**
 * The least processor time that a call of a benchmark takes, which other load on the machine hardly
 * changes. Run from source against the benchmarks of a commit: {@code java -cp JAR LeastTime.java
 * CLASS METHOD SECONDS FIELD=VALUE...} prints microseconds.
 */
public final class LeastTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** A batch takes at least that long, so that the clock is fine enough. */
  private static final double BATCH_NANOS = 2e6;

  private static Object last;

  private LeastTime() {}

  public static void main(String[] words) throws Throwable {
    Class<?> type = Class.forName("dev.vramcast.bench." + words[0]);
    Object benchmark = type.getConstructor().newInstance();
    for (String setting : Arrays.asList(words).subList(3, words.length)) {
      int equals = setting.indexOf('=');
      set(benchmark, setting.substring(0, equals), setting.substring(equals + 1));
    }
    type.getMethod("prepare").invoke(benchmark);
    MethodHandle call =
        MethodHandles.lookup().unreflect(type.getMethod(words[1])).bindTo(benchmark);
    double nanos = Double.parseDouble(words[2]) * 1e9;
    double usual = run(call, 1, nanos);
    double least = run(call, (int) Math.max(1, BATCH_NANOS / usual), nanos);
    System.out.printf("%.2f%n", least / 1e3);
  }

  private static void set(Object benchmark, String name, String value) throws Throwable {
    Field field = benchmark.getClass().getField(name);
    Class<?> type = field.getType();
    if (type == int.class) {
      field.setInt(benchmark, Integer.parseInt(value));
    } else if (type.isEnum()) {
      field.set(benchmark, type.getMethod("valueOf", String.class).invoke(null, value));
    } else {
      field.set(benchmark, value);
    }
  }

  /** The least time of a call in batches, which are run for so long. */
  private static double run(MethodHandle call, int batch, double nanos) throws Throwable {
    double least = Double.POSITIVE_INFINITY;
    long begin = THREADS.getCurrentThreadCpuTime();
    long now = begin;
    while (now - begin < nanos) {
      long start = now;
      for (int i = 0; i < batch; i++) {
        last = call.invoke();
      }
      now = THREADS.getCurrentThreadCpuTime();
      least = Math.min(least, (double) (now - start) / batch);
    }
    return least;
  }
}
