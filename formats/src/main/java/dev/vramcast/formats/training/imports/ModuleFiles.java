package dev.vramcast.formats.training.imports;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.text.TrainingFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where Python finds the modules that a program imports. */
public final class ModuleFiles {

  /** Where packages lie that are installed from their checkout. */
  public static final String SOURCES = "src";

  private static final int MOST_FOLDERS = 8;

  /** Folders around the program that one is looked for in where nobody says what it starts from. */
  private static final int MOST_ROOTS = 4;

  /** Started from nobody knows where. */
  public static final int ANYWHERE = -1;

  /** Packages that are installed, and of the standard library. */
  private static final Set<String> INSTALLED =
      Set.of(
          ("torch transformers trl peft datasets accelerate bitsandbytes deepspeed numpy pandas"
                  + " sklearn scipy matplotlib tqdm wandb yaml os sys re json math time random"
                  + " logging argparse pathlib typing dataclasses collections functools itertools"
                  + " copy gc glob shutil subprocess warnings datetime contextlib enum abc io"
                  + " pickle csv hashlib uuid tempfile inspect importlib multiprocessing threading"
                  + " string types traceback __future__ unsloth huggingface_hub evaluate nltk"
                  + " rouge_score omegaconf hydra fire typer click tyro PIL cv2 torchvision"
                  + " torchaudio librosa einops safetensors sentencepiece tiktoken tokenizers vllm"
                  + " ray mlflow tensorboard requests dotenv pydantic rich loguru jinja2 optuna"
                  + " lightning pytorch_lightning flash_attn xformers triton apex liger_kernel"
                  + " sentence_transformers timm gradio boto3 openai jsonlines modelscope swift"
                  + " llamafactory axolotl verl openrlhf torchtune litgpt IPython google")
              .split(" "));

  private final Path folder;
  private final int above;

  /** The folder of the program that a module is of; empty for that of the program itself. */
  private final Optional<Path> top;

  private final Function<String, Optional<TrainingFile>> lookup;
  private final Map<String, Optional<TrainingFile>> found = new HashMap<>();

  /**
   * The modules beside a program.
   *
   * @param program its path
   * @param above how many folders above its own the one is that a command starts it from as a
   *     module; {@link #ANYWHERE} where that is not known
   * @param lookup finds files by the ends of their paths, some of which lie elsewhere
   */
  public ModuleFiles(Path program, int above, Function<String, Optional<TrainingFile>> lookup) {
    this(Objects.requireNonNullElse(program.getParent(), program), above, Optional.empty(), lookup);
  }

  private ModuleFiles(
      Path folder, int above, Optional<Path> top, Function<String, Optional<TrainingFile>> lookup) {
    this.folder = folder;
    this.above = above;
    this.top = top;
    this.lookup = lookup;
  }

  /** Those around a module of the same program. */
  public ModuleFiles around(Path module, Function<String, Optional<TrainingFile>> files) {
    Path own = Objects.requireNonNullElse(module.getParent(), module);
    return new ModuleFiles(own, above, Optional.of(top.orElse(folder)), files);
  }

  /** Whether a module may be one of a program's own, and is none that is installed. */
  static boolean mayBeOwn(int dots, String module) {
    return dots > 0 || !INSTALLED.contains(module.replaceAll("\\..*", ""));
  }

  /** The path that a file has; empty where its name is none. */
  public static Optional<Path> path(String name) {
    try {
      return Optional.of(Path.of(name).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The file of a module.
   *
   * @param dots in front of its name, by which it lies in a package around the program
   */
  public Optional<TrainingFile> find(int dots, String module) {
    Path file = Path.of(module.replace('.', '/') + ".py");
    return roots(dots, file)
        .map(root -> root.resolve(file))
        .distinct()
        .flatMap(path -> at(path, file.getNameCount()).stream())
        .findFirst();
  }

  /** The program's folder, that of its command, sources, and what has its package. */
  private Stream<Path> roots(int dots, Path module) {
    if (dots > 0) {
      return around(folder).skip(dots - 1L).limit(1);
    }
    Path start = top.orElse(folder);
    Stream<Path> sources = around(start).limit(2).map(root -> root.resolve(SOURCES));
    Stream<Path> packages =
        around(start).filter(root -> start.startsWith(root.resolve(module.getName(0))));
    Stream<Path> roots =
        above == ANYWHERE
            ? around(start).limit(MOST_ROOTS)
            : Stream.concat(around(start).limit(1), around(start).skip(above).limit(1));
    return Stream.of(roots, sources, packages).flatMap(Function.identity());
  }

  private static Stream<Path> around(Path folder) {
    return Stream.iterate(folder, Objects::nonNull, Path::getParent).limit(MOST_FOLDERS);
  }

  /** The file at a path, asked for by ends of the path. */
  private Optional<TrainingFile> at(Path path, int fewest) {
    int names = path.getNameCount();
    List<String> ends =
        IntStream.rangeClosed(fewest, Math.min(names, fewest + MOST_FOLDERS))
            .mapToObj(length -> path.subpath(names - length, names))
            .map(end -> end.toString().replace('\\', '/'))
            .toList();
    return ends.stream()
        .flatMap(end -> found.computeIfAbsent(end, this::read).stream())
        .filter(file -> path(file.name()).filter(path::equals).isPresent())
        .findFirst();
  }

  /** A file that cannot be read, as one that is empty, holds nothing. */
  private Optional<TrainingFile> read(String path) {
    try {
      return lookup.apply(path);
    } catch (InputException e) {
      return Optional.empty();
    }
  }
}
