import dev.vramcast.bench.EstimateBenchmark;
import dev.vramcast.bench.Job;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The least processor time that a call of a benchmark takes, which other load on the machine hardly
 * changes. Run from source against the benchmarks of a commit: {@code java -cp JAR LeastTime.java
 * METHOD JOB SECONDS} prints microseconds.
 */
public final class LeastTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** A batch takes at least that long, so that the clock is fine enough. */
  private static final double BATCH_NANOS = 2e6;

  private static Object last;

  private LeastTime() {}

  public static void main(String[] words) throws Throwable {
    EstimateBenchmark benchmark = new EstimateBenchmark();
    benchmark.job = Job.valueOf(words[1]);
    benchmark.prepare();
    MethodHandle call =
        MethodHandles.lookup()
            .unreflect(EstimateBenchmark.class.getMethod(words[0]))
            .bindTo(benchmark);
    double nanos = Double.parseDouble(words[2]) * 1e9;
    double usual = run(call, 1, nanos);
    double least = run(call, (int) Math.max(1, BATCH_NANOS / usual), nanos);
    System.out.printf("%.2f%n", least / 1e3);
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
