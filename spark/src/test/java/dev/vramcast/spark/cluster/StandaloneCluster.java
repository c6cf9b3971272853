package dev.vramcast.spark.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Spark's standalone master and its workers, each a process of its own, on loopback. */
public final class StandaloneCluster implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  private static final Pattern EXECUTOR = Pattern.compile("Asked to launch executor \\S+/(\\d+) ");

  private final Jvm master;
  private final String url;
  private final List<Jvm> workers = new ArrayList<>();

  /**
   * Returns when all workers are registered. Each has one core and 1 GiB for its executor.
   *
   * @param folder where logs and the workers' files go
   */
  public StandaloneCluster(SparkHome home, Path folder, int workers) {
    master = home.daemon(folder.resolve("master.log"), "master.Master", "--port", "0");
    try {
      url = master.await(MASTER, START).group(1);
      for (int i = 0; i < workers; i++) {
        Path files = folder.resolve("worker-" + i);
        this.workers.add(
            home.daemon(
                folder.resolve("worker-" + i + ".log"),
                "worker.Worker",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                files.toString(),
                url));
      }
      this.workers.forEach(worker -> worker.await(REGISTERED, START));
    } catch (RuntimeException e) {
      end();
      throw e;
    }
  }

  /** Where applications are submitted. */
  public String url() {
    return url;
  }

  /** The workers that were started, in order, whether alive or not. */
  public List<Jvm> workers() {
    return List.copyOf(workers);
  }

  /** The number of the executor that a worker runs for the application, as the driver has it. */
  public String executor(Jvm worker) {
    return worker.await(EXECUTOR, START).group(1);
  }

  @Override
  public void close() {
    end();
  }

  private void end() {
    workers.forEach(Jvm::close);
    master.close();
  }
}
