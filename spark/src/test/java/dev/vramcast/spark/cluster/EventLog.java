package dev.vramcast.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an application did on its executors, as Spark records it for its history server. */
public record EventLog(List<JsonNode> events) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Settings that make an application write such a log into the folder. */
  public static Map<String, String> conf(Path folder) {
    return Map.of(
        "spark.eventLog.enabled", "true",
        "spark.eventLog.dir", folder.toUri().toString(),
        "spark.eventLog.rolling.enabled", "false",
        "spark.eventLog.compress", "false");
  }

  /** The only log in the folder. */
  public static EventLog read(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> logs = files.filter(file -> !file.toString().endsWith(".crc")).toList();
      if (logs.size() != 1) {
        throw new IllegalStateException("one log expected, found " + logs);
      }
      try (Stream<String> lines = Files.lines(logs.get(0))) {
        return new EventLog(lines.map(JSON::readTree).toList());
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Identifiers of the executors whose tasks ended with success. */
  public Set<String> executorsWithFinishedTasks() {
    return tasks("Success")
        .map(task -> task.at("/Task Info/Executor ID").asString())
        .collect(Collectors.toSet());
  }

  /** Reasons for which executors went while the application ran. */
  public List<String> removals() {
    return of("SparkListenerExecutorRemoved")
        .map(event -> event.path("Removed Reason").asString())
        .toList();
  }

  /** How many tasks went down with their executor. */
  public long tasksLost() {
    return tasks("ExecutorLostFailure").count();
  }

  private Stream<JsonNode> tasks(String end) {
    return of("SparkListenerTaskEnd")
        .filter(event -> event.at("/Task End Reason/Reason").asString().equals(end));
  }

  private Stream<JsonNode> of(String name) {
    return events.stream().filter(event -> event.path("Event").asString().equals(name));
  }
}
