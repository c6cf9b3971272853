package dev.vramcast.bench;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers jobs one after the other as the API does, each of them a new one, and tells how much
 * processor time an answer takes, which other load on the machine hardly changes.
 */
public final class Answers {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);
  private static final int MICROS_EACH = 1_000;

  private final Operation operation;
  private final Map<String, Object> more;
  private final RecentSteps steps = new RecentSteps();
  private final KeptPrices prices = KeptPrices.of(Map.of());

  private Answers(Operation operation, Map<String, Object> more) {
    this.operation = operation;
    this.more = more;
  }

  /**
   * Prints a line of JSON: microseconds of the mean, the median, p99 and the largest, and the
   * shares of the parts of the program in it.
   *
   * @param args the operation, how many answers, and fields of the question that are set to true;
   *     as many answers go before
   */
  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[1]);
    Map<String, Object> more = new HashMap<>();
    for (String field : Arrays.asList(args).subList(2, args.length)) {
      more.put(field, true);
    }
    Answers answers = new Answers(operation(args[0]), more);
    answers.microseconds(0, count);
    long[] times = answers.microseconds(count, count);
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("mean", Arrays.stream(times).sum() / count);
    Arrays.sort(times);
    told.put("p50", times[count / 2]);
    told.put("p99", times[count * 99 / 100]);
    told.put("max", times[count - 1]);
    told.put("parts", Parts.of(() -> answers.microseconds(2L * count, count)));
    System.out.println(JsonText.line(told));
  }

  private static Operation operation(String name) {
    return Operations.ALL.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operation is called " + name));
  }

  /** Of each answer. */
  private long[] microseconds(long first, int count) {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      Map<String, Object> fields = new HashMap<>(RandomJobs.fields(first + i));
      fields.putAll(more);
      long begin = THREADS.getCurrentThreadCpuTime();
      answer(fields);
      times[i] = (THREADS.getCurrentThreadCpuTime() - begin) / MICROS_EACH;
    }
    return times;
  }

  private String answer(Map<String, Object> fields) {
    RemoteContext asker = new RemoteContext(Network.FORBIDDEN, TODAY, prices, Progress.NONE, steps);
    return JsonText.of(
        operation.verdict(FieldReader.call(operation, fields, asker)).json(Version.current()));
  }
}
