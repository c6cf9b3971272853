package dev.vramcast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Which parts of the program the time goes to, by samples that Java takes of it. */
final class Parts {

  private static final Duration PERIOD = Duration.ofMillis(10);

  /** A part is named by the outermost method in a sample that is one of these. */
  private static final Map<String, String> NAMES =
      Map.of(
          "AllocatorReplay.varied", "replays of steps of growing length",
          "AllocatorReplay.neededBytes", "replays for the least memory",
          "AllocatorReplay.outcome", "replays of two equal steps",
          "EpisodeWriter.write", "the trace",
          "TraceReading.of", "the peak of the trace",
          "JobResolver.resolve", "what the job leaves open",
          "TimeEstimator.estimate", "hours",
          "LifeEstimator.estimate", "checkpoints and disk",
          "RecordJson.answer", "JSON",
          "JsonText.of", "JSON");

  private static final String REST = "all else";

  private Parts() {}

  /** The share of each part in what runs, the largest first. */
  static Map<String, Double> of(Runnable running) throws IOException {
    Path file = Files.createTempFile("parts", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
      recording.start();
      running.run();
      recording.stop();
      recording.dump(file);
      return shares(RecordingFile.readAllEvents(file));
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, Double> shares(List<RecordedEvent> samples) {
    Map<String, Integer> counts = new HashMap<>();
    int all = 0;
    for (RecordedEvent sample : samples) {
      if (sample.getThread("sampledThread").getJavaThreadId() == Thread.currentThread().getId()) {
        counts.merge(part(sample.getStackTrace().getFrames()), 1, Integer::sum);
        all++;
      }
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    double sum = all;
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(entry -> shares.put(entry.getKey(), entry.getValue() / sum));
    return shares;
  }

  private static String part(List<RecordedFrame> frames) {
    for (int i = frames.size() - 1; i >= 0; i--) {
      Optional<String> name = Optional.ofNullable(NAMES.get(name(frames.get(i))));
      if (name.isPresent()) {
        return name.get();
      }
    }
    return REST;
  }

  /** The class without its package, and the method. */
  private static String name(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
  }
}
