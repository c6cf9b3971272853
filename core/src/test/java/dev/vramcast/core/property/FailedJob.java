package dev.vramcast.core.property;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.property.JobShrinker.Failing;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What is said about the smallest job that breaks a law. */
final class FailedJob {

  private FailedJob() {}

  /**
   * @param found the job that was shrunk
   * @param seed of that job
   */
  static AssertionError of(Failing smallest, JobDocument found, long seed) {
    String text =
        """
        The smallest job that breaks the law, found by leaving out %d of %d keys:

        %s
        %s

        To try this law again, first on the job that was shrunk:
        %s
        To see the smallest job, put it into job.yaml:
        ./vramcast estimate job.yaml --explain
        """
            .formatted(
                found.entries().size() - smallest.job().entries().size(),
                found.entries().size(),
                JobYaml.of(smallest.job()),
                smallest.failure(),
                command(seed));
    return new AssertionError(text, smallest.failure());
  }

  private static String command(long seed) {
    String module = Path.of(System.getProperty("basedir", "core")).getFileName().toString();
    return "mvn -pl %s -am test -Dtest='%s' -Dsurefire.failIfNoSpecifiedTests=false"
            .formatted(module, test())
        + " -Dvramcast.property.seed="
        + seed;
  }

  /** The test that runs, as Maven names it. */
  static String test() {
    return Stream.of(Thread.currentThread().getStackTrace())
        .filter(frame -> frame.getClassName().matches(".*Test"))
        .filter(frame -> !frame.getMethodName().contains("$"))
        .reduce((inner, outer) -> outer)
        .map(frame -> simple(frame.getClassName()) + "#" + frame.getMethodName())
        .orElse("*");
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
