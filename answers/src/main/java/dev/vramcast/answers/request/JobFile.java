package dev.vramcast.answers.request;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.Sourced;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.formats.write.ShellText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files on the command line that describe a job: a job document, or those of a framework.
 *
 * @param as the framework's format; empty to recognise it
 */
public record JobFile(List<Path> files, Optional<FormatName> as) implements JobBase {

  private static final Pattern SCRIPT = Pattern.compile("(?i).*\\.(sh|bash|zsh|slurm|sbatch)");

  /** How far above a file one that it names is looked for. */
  private static final int MOST_FOLDERS = 8;

  /** What stands in the root of a repository, or of a package. */
  private static final List<String> REPOSITORY = List.of(".git", "pyproject.toml", "setup.py");

  public JobFile {
    files = List.copyOf(files);
  }

  @Override
  public boolean isEmpty() {
    return files.isEmpty();
  }

  @Override
  public JobDocument under(JobDocument flags) {
    return texts().under(flags);
  }

  @Override
  public Optional<Reading> training() {
    return isEmpty() ? Optional.empty() : texts().training();
  }

  @Override
  public Reading reading(JobDocument flags) {
    return texts().reading(flags);
  }

  private JobTexts texts() {
    files.forEach(JobFile::checkName);
    Path folder =
        files.stream()
            .findFirst()
            .flatMap(file -> Optional.ofNullable(file.toAbsolutePath().getParent()))
            .orElse(Path.of(""));
    return textsIn(folder);
  }

  /** The files as if they lay in a folder, from which those that they name are looked for. */
  public JobTexts textsIn(Path folder) {
    List<JobTexts.Text> texts =
        files.stream()
            .map(file -> new JobTexts.Text(TrainingText.name(file), content(file, folder)))
            .toList();
    return new JobTexts(texts, as, path -> beside(folder, path, TrainingText::read));
  }

  /** A script holds what those set that it takes in. */
  private static String content(Path file, Path folder) {
    String content = TrainingText.content(file);
    return SCRIPT.matcher(TrainingText.name(file)).matches()
        ? Sourced.inlined(content, path -> beside(folder, path, TrainingText::content))
        : content;
  }

  /**
   * A command line in place of files, whose files are looked for from the current folder.
   *
   * @param words of the command
   */
  public static JobTexts ofCommand(List<String> words, Optional<FormatName> as) {
    return ofText(new JobTexts.Text(TrainingText.commandName(), ShellText.join(words)), as);
  }

  /** A text that stands in no file, as {@link #ofCommand}. */
  public static JobTexts ofText(JobTexts.Text text, Optional<FormatName> as) {
    Path folder = Path.of("").toAbsolutePath();
    return new JobTexts(List.of(text), as, path -> beside(folder, path, TrainingText::read));
  }

  /** A model's name in its place is told apart from a file that is missing. */
  private static void checkName(Path file) {
    String text = file.toString();
    if (!Files.exists(file) && isModel(text)) {
      throw InputError.of("no such file")
          .at(Place.of(text))
          .hint("for the model of that name give ", JobKey.MODEL_ID, " ", ShellText.quote(text))
          .kind(ErrorKind.NOT_FOUND)
          .refusal();
    }
  }

  private static boolean isModel(String text) {
    ModelCatalog catalog = ModelCatalog.embedded();
    return catalog.find(text).isPresent() || !catalog.spoken(text).isEmpty();
  }

  /** How many folders a path leads upwards before it leads down. */
  private static int above(Path path) {
    int above = 0;
    for (Path part : path.normalize()) {
      above += part.toString().equals("..") ? 1 : 0;
    }
    return above;
  }

  /**
   * A file below the folder of the one that names it, below the current one, or below a folder
   * around the first: scripts name files from where they are started, most often the root of a
   * repository. One that is named as being above lies there, from the folder of the one that names
   * it.
   */
  private static <T> Optional<T> beside(Path folder, String path, Function<Path, T> read) {
    try {
      Path named = Path.of(path);
      if (named.isAbsolute() || above(named) > MOST_FOLDERS) {
        return Optional.empty();
      }
      if (above(named) > 0) {
        return Optional.of(folder.resolve(named).normalize())
            .filter(file -> Files.isRegularFile(file) && isOwn(folder, file))
            .map(read);
      }
      Stream<Path> around = Stream.iterate(folder, Objects::nonNull, Path::getParent);
      return Stream.concat(Stream.of(folder, Path.of("")), around.limit(MOST_FOLDERS))
          .map(base -> base.resolve(named))
          .filter(file -> Files.isRegularFile(file) && isOwn(folder, file))
          .findFirst()
          .map(read);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a file is one of the program's own: a module that a link leads to out of what the
   * program is part of is none.
   *
   * @param folder of the program
   */
  private static boolean isOwn(Path folder, Path file) {
    try {
      return !file.toString().endsWith(".py")
          || !isLinked(folder, file)
          || file.toRealPath().startsWith(root(folder.toRealPath()));
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a link stands on the way to a file, below what holds the program as well. */
  private static boolean isLinked(Path folder, Path file) throws IOException {
    Path from = folder.toAbsolutePath().normalize();
    Path to = file.toAbsolutePath().normalize();
    Path shared = from;
    while (shared.getParent() != null && !to.startsWith(shared)) {
      shared = shared.getParent();
    }
    return !to.toRealPath().equals(shared.toRealPath().resolve(shared.relativize(to)));
  }

  /** The repository that a folder is in; the folder itself where it is in none. */
  private static Path root(Path folder) {
    return Stream.iterate(folder, Objects::nonNull, Path::getParent)
        .limit(MOST_FOLDERS)
        .filter(each -> REPOSITORY.stream().anyMatch(name -> Files.exists(each.resolve(name))))
        .findFirst()
        .orElse(folder);
  }
}
