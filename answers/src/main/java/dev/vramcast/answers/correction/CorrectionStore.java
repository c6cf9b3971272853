package dev.vramcast.answers.correction;

import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.correction.CorrectionFile;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Presence;
import dev.vramcast.input.text.Utf8;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The file that a user's corrections are kept in. A change is made to what is there at that moment,
 * written beside it and moved into its place, one change at a time.
 */
public record CorrectionStore(Path file, Disk disk) {

  private static final int LARGEST = 1 << 20;
  private static final String FOLDER = "vramcast";

  /** What the program was called before, and its folder with it. */
  private static final String OLD_FOLDER = "tunefit";

  private static final String FILE = "corrections.ini";

  /** Kept on the disk of this machine. */
  public CorrectionStore(Path file) {
    this(file, Disk.real());
  }

  /**
   * The usual place: {@code vramcast/corrections.ini} below {@code XDG_CONFIG_HOME}, or below
   * {@code .config} in the home folder; empty where the environment names neither.
   */
  public static Optional<CorrectionStore> usual(Map<String, String> variables) {
    Optional<Path> base = absolute(variables, "XDG_CONFIG_HOME");
    return base.or(() -> absolute(variables, "HOME").map(home -> home.resolve(".config")))
        .map(folder -> new CorrectionStore(folder.resolve(FOLDER).resolve(FILE)));
  }

  /** The XDG base directory specification has relative paths ignored. */
  private static Optional<Path> absolute(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name))
        .filter(text -> !text.isEmpty() && text.indexOf('\0') < 0)
        .map(Path::of)
        .filter(Path::isAbsolute);
  }

  /**
   * Takes over, once, what was kept under the program's old name: where this file is missing and
   * the one of the old name lies in the folder beside it. That one stays as it is.
   *
   * @return what to say of it; empty where there is nothing to take over
   */
  public Optional<Notice> takeOver() {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    CorrectionStore old = new CorrectionStore(folder.resolveSibling(OLD_FOLDER).resolve(FILE));
    boolean due = folder.endsWith(FOLDER) && Presence.isFile(old.file) && Files.notExists(file);
    if (!due) {
      return Optional.empty();
    }
    String source = Shown.oneLine(old.file.toString());
    try {
      CorrectionFile kept = old.read();
      change(content -> kept);
      return Optional.of(
          Notice.of("took over ", kept.corrections().size(), " corrections from ", source)
              .and(", where they were kept under the program's old name"));
    } catch (InputException e) {
      change(content -> content);
      return Optional.of(
          e.notice().behind("what was kept under the program's old name cannot be taken over: "));
    }
  }

  /** What is kept; nothing where there is no file. */
  public List<SavedCorrection> corrections() {
    return read().corrections();
  }

  /** Keeps one more. */
  public void save(SavedCorrection correction) {
    change(content -> content.with(correction));
  }

  /** Drops the one of a name. */
  public void forget(String name) {
    if (!Presence.isThere(file)) {
      throw InputError.of("no correction ", Shown.given(name))
          .and(": ", Shown.oneLine(file.toString()), " does not exist")
          .kind(ErrorKind.NOT_FOUND)
          .given(name)
          .refusal();
    }
    change(content -> content.without(name));
  }

  private void change(UnaryOperator<CorrectionFile> edit) {
    Path lock = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".lock");
    synchronized (CorrectionStore.class) {
      try {
        disk.makeFolders(Disk.folderOf(lock));
        try (FileChannel channel =
                FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.lock()) {
          WholeFile.write(file, edit.apply(read()).text(), disk);
          held.release();
        }
      } catch (IOException e) {
        throw InputError.of("cannot be written: ", Disk.reason(e))
            .at(Place.of(file.toString()))
            .kind(ErrorKind.UNREADABLE)
            .refusal(e);
      }
    }
  }

  private CorrectionFile read() {
    if (Files.notExists(file)) {
      return CorrectionFile.empty();
    }
    String source = Shown.oneLine(file.toString());
    String text = Utf8.decode(BoundedFile.bytes(file, LARGEST), Place.of(source));
    return CorrectionFile.parse(text, source);
  }
}
