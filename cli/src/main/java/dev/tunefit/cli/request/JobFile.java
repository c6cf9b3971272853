package dev.tunefit.cli.request;

import dev.tunefit.catalog.model.ModelCatalog;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.formats.jobdocument.JobDocumentReader;
import dev.tunefit.formats.training.FormatName;
import dev.tunefit.formats.training.Reading;
import dev.tunefit.formats.training.TrainingFile;
import dev.tunefit.formats.training.TrainingFile.Form;
import dev.tunefit.formats.training.TrainingText;
import dev.tunefit.formats.training.registry.TrainingFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files on the command line that describe a job: a job document, or those of a framework.
 *
 * @param as the framework's format; empty to recognise it
 */
public record JobFile(List<Path> files, Optional<FormatName> as) {

  /** Files that can be no job document. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?i).*\\.(sh|bash|slurm|sbatch|py|ipynb)");

  private static final Pattern COUNTED = Pattern.compile(".*:\\s*\\d+|\\s*\\d+\\s*[xX*].*");

  public JobFile {
    files = List.copyOf(files);
  }

  /** The job with flags over it. */
  public JobDocument under(JobDocument flags) {
    if (files.isEmpty()) {
      return flags;
    }
    Path first = files.get(0);
    checkName(first);
    if (as.isEmpty() && files.size() == 1) {
      Optional<JobDocument> document = document(first);
      if (document.isPresent()) {
        return document.get().with(flags);
      }
    }
    JobDocument job = reading().under(flags);
    return countsGpus(flags) ? job.without(List.of(JobKey.GPU_COUNT)) : job;
  }

  /** A flag such as {@code --gpu H100:8} or {@code --gpu 8xH100} wins over a count in a file. */
  private static boolean countsGpus(JobDocument flags) {
    return !flags.has(JobKey.GPU_COUNT)
        && flags.text(JobKey.GPU).filter(gpu -> COUNTED.matcher(gpu).matches()).isPresent();
  }

  /** What a framework's files say. */
  public Reading reading() {
    files.forEach(JobFile::checkName);
    Path folder =
        Optional.ofNullable(files.get(0).toAbsolutePath().getParent()).orElse(Path.of(""));
    List<TrainingFile> read = files.stream().map(TrainingText::read).toList();
    return TrainingFiles.read(read, as, path -> beside(folder, path));
  }

  /** A job document; empty when the file is a framework's. */
  private static Optional<JobDocument> document(Path file) {
    TrainingFile content;
    try {
      content = TrainingText.read(file);
    } catch (InputException e) {
      if (PROGRAM.matcher(file.toString()).matches()) {
        throw e;
      }
      return Optional.of(new JobDocumentReader().read(file));
    }
    if (TrainingFiles.formatOf(content).isPresent()) {
      return Optional.empty();
    }
    boolean ours =
        content.form() == Form.TREE
            && content.root().fields().keySet().stream().anyMatch(JobFile::isNearOurs);
    return ours ? Optional.of(new JobDocumentReader().read(file)) : Optional.empty();
  }

  private static boolean isNearOurs(String key) {
    return JobKey.ofPath(key).isPresent()
        || !JobKey.below(key).isEmpty()
        || !JobKey.hint(key).isEmpty();
  }

  /** A model's name in its place is told apart from a file that is missing. */
  private static void checkName(Path file) {
    String text = file.toString();
    if (!Files.exists(file) && ModelCatalog.embedded().find(text).isPresent()) {
      throw new InputException(
          text + ": no such file. Did you mean '" + JobKey.MODEL_ID.flag() + " " + text + "'?");
    }
  }

  /** A file below the folder of the one that names it, or below the current one. */
  private static Optional<TrainingFile> beside(Path folder, String path) {
    try {
      Path named = Path.of(path);
      if (named.isAbsolute() || named.normalize().startsWith("..")) {
        return Optional.empty();
      }
      return List.of(folder, Path.of("")).stream()
          .map(base -> base.resolve(named))
          .filter(Files::isRegularFile)
          .findFirst()
          .map(TrainingText::read);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
