package dev.vramcast.answers.fields;

import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What holds for a program at this machine that asks, and may name files.
 *
 * @param files that describe the job, in place of texts
 * @param folder that other paths are relative to where no file describes the job
 * @param gpus tells which GPU a name means
 * @param all what holds for whoever asks
 */
public record LocalContext(List<Path> files, Path folder, GpuFinder gpus, RemoteContext all) {

  public LocalContext {
    files = List.copyOf(files);
  }

  /**
   * The same out of texts.
   *
   * @throws InputException when one is no path
   */
  public static LocalContext of(
      List<String> files, String folder, GpuFinder gpus, RemoteContext all) {
    return new LocalContext(
        files.stream().map(LocalContext::path).toList(), path(folder), gpus, all);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw InputError.value(text, " is not a path").refusal(e);
    }
  }
}
