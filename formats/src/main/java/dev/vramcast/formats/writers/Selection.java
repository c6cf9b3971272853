package dev.vramcast.formats.writers;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.launch.DstackTask;
import dev.vramcast.formats.write.launch.KubeflowTrainJob;
import dev.vramcast.formats.write.launch.KubernetesJob;
import dev.vramcast.formats.write.launch.SkyPilotTask;
import dev.vramcast.formats.write.launch.SlurmScript;
import dev.vramcast.formats.write.launch.TorchrunScript;
import dev.vramcast.formats.write.train.AccelerateWriter;
import dev.vramcast.formats.write.train.DeepSpeedWriter;
import dev.vramcast.formats.write.train.axolotl.AxolotlWriter;
import dev.vramcast.formats.write.train.litgpt.LitgptWriter;
import dev.vramcast.formats.write.train.llamafactory.LlamaFactoryWriter;
import dev.vramcast.formats.write.train.swift.SwiftWriter;
import dev.vramcast.formats.write.train.torchtune.TorchtuneWriter;
import dev.vramcast.formats.write.train.trl.TrlWriter;
import dev.vramcast.formats.write.train.unsloth.UnslothWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The formats that a user asked for.
 *
 * @param training files that a framework trains from
 * @param launchers files that start such a file
 */
public record Selection(List<TrainingWriter> training, List<Launcher> launchers) {

  private static final List<TrainingWriter> TRAINING =
      List.of(
          new AxolotlWriter(),
          new LlamaFactoryWriter(),
          new TrlWriter(),
          new TorchtuneWriter(),
          new LitgptWriter(),
          new SwiftWriter(),
          new UnslothWriter(),
          new DeepSpeedWriter(),
          new AccelerateWriter());

  private static final List<Launcher> LAUNCHERS =
      List.of(
          new TorchrunScript(),
          new SkyPilotTask(),
          new DstackTask(),
          new SlurmScript(),
          new KubernetesJob(),
          new KubeflowTrainJob());

  /** What a launcher starts when no training file is asked for and no framework is named. */
  private static final String USUAL = "axolotl";

  public Selection {
    training = List.copyOf(training);
    launchers = List.copyOf(launchers);
  }

  /** All words, those of training files first. */
  public static List<String> names() {
    return Stream.concat(trainingNames().stream(), LAUNCHERS.stream().map(Launcher::name)).toList();
  }

  /** The words of training files. */
  public static List<String> trainingNames() {
    return TRAINING.stream().map(TrainingWriter::name).toList();
  }

  /**
   * Reads a list of formats. Launchers without a training file get that of the job's framework.
   *
   * @param text words with commas between them
   * @param option behind which the text stands
   * @param framework that the job names
   * @throws InputException for a word that is not known
   */
  public static Selection of(String text, Subject option, Optional<String> framework) {
    List<TrainingWriter> training = new ArrayList<>();
    List<Launcher> launchers = new ArrayList<>();
    for (String word : words(text)) {
      Optional<TrainingWriter> writer = training(word);
      Optional<Launcher> launcher = launcher(word);
      writer.ifPresent(training::add);
      launcher.ifPresent(launchers::add);
      if (writer.isEmpty() && launcher.isEmpty()) {
        throw InputError.about(option)
            .is(word)
            .allowed(String.join(", ", names()))
            .near(word, names())
            .refusal();
      }
    }
    if (!launchers.isEmpty()) {
      startable(training)
          .findFirst()
          .or(() -> framework.flatMap(Selection::training))
          .or(() -> training(USUAL))
          .filter(writer -> !training.contains(writer))
          .ifPresent(training::add);
    }
    return new Selection(training, launchers);
  }

  /** Whether launchers start several files, each of which then has its own. */
  public boolean startsSeveral() {
    return startable(training).count() > 1;
  }

  private static Stream<TrainingWriter> startable(List<TrainingWriter> training) {
    return training.stream().filter(writer -> !writer.isCompanion());
  }

  private static List<String> words(String text) {
    return List.copyOf(new LinkedHashSet<>(List.of(text.strip().split("\\s*,\\s*", -1))));
  }

  private static Optional<TrainingWriter> training(String name) {
    return TRAINING.stream().filter(writer -> writer.name().equals(name)).findFirst();
  }

  private static Optional<Launcher> launcher(String name) {
    return LAUNCHERS.stream().filter(launcher -> launcher.name().equals(name)).findFirst();
  }
}
