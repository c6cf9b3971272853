package dev.vramcast.catalog.source;

import dev.vramcast.catalog.model.CatalogMatch;
import dev.vramcast.catalog.model.DynamicCopies;
import dev.vramcast.catalog.model.DynamicCopy;
import dev.vramcast.catalog.model.GgufTag;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.catalog.model.UsualSizes;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.Presence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the model that a text names. A path comes first, then the embedded catalogue for names it
 * knows as they are, then Hugging Face's cache, then the catalogue for what looks like a copy, then
 * the Hub. A revision leaves out the catalogue; {@link Network#PREFERRED} leaves out all but paths
 * and the Hub.
 */
public final class ModelLocator {

  private static final Subject REVISION = Subject.option("--revision");

  /** The last folder of a path, or that of the Hub's cache above a snapshot. */
  private static final Pattern FOLDER =
      Pattern.compile("([^/\\\\]+)(?:/snapshots/[^/]+|[/\\\\]checkpoint-\\d+)?[/\\\\]*$");

  /** What the Trainer saves, below the folder of a run; it may be a repository's name too. */
  private static final Pattern CHECKPOINT = Pattern.compile("[^/\\s]+/checkpoint-\\d+/?");

  /** A path below the current folder, of which no name on the Hub has as many parts. */
  private static final Pattern BELOW = Pattern.compile("[^/\\s]+(?:/[^/\\s]+){2,20}/?");

  private static final String IN_CACHE = "Hugging Face cache";
  private static final String KEPT = "kept copy";

  private final ModelCatalog catalog;
  private final Environment environment;

  public ModelLocator(ModelCatalog catalog, Environment environment) {
    this.catalog = catalog;
    this.environment = environment;
  }

  /** A locator with the embedded catalogue and the surroundings of this process. */
  public static ModelLocator ofProcess() {
    Path home = Path.of(System.getProperty("user.home", "."));
    return new ModelLocator(ModelCatalog.embedded(), Environment.of(System.getenv(), home));
  }

  /**
   * The model that the request names.
   *
   * @throws InputException when there is none, or what was found cannot be used; the message names
   *     the nearest known names and the ways out
   */
  public LocatedModel locate(ModelRequest request) {
    String text = checked(request);
    if (isPathLike(text)) {
      return path(text).or(() -> folderOf(request, text)).orElseThrow(() -> noSuchFile(text));
    }
    return path(text)
        .or(() -> namedOrBelow(request, text))
        .orElseThrow(() -> unknown(request, text, ", or a path to a config.json"));
  }

  private Optional<LocatedModel> namedOrBelow(ModelRequest request, String text) {
    Optional<LocatedModel> saved =
        CHECKPOINT.matcher(text).matches() ? folderOf(request, text) : Optional.empty();
    return saved
        .or(() -> named(request, text))
        .or(() -> BELOW.matcher(text).matches() ? folderOf(request, text) : Optional.empty());
  }

  /**
   * A folder that is not on this machine, or is not looked for, and is called as the model that was
   * put there; ModelScope writes {@code ___} for a dot (modelscope/hub/utils/utils.py,
   * get_cache_dir).
   */
  private Optional<LocatedModel> folderOf(ModelRequest request, String text) {
    Matcher name = FOLDER.matcher(text);
    if (!usesCatalog(request) || !name.find()) {
      return Optional.empty();
    }
    String called = name.group(1).replaceFirst("^models--[^-]+--", "").replace("___", ".");
    return catalog
        .find(called)
        .or(() -> catalog.findCopy(called).map(CatalogMatch::entry))
        .or(() -> catalog.findSpelt(called))
        .map(
            entry ->
                ofCatalog(
                    entry,
                    List.of(
                        Notice.of(Shown.given(text), " is taken as ", Shown.given(entry.name()))
                            .and(" by the name of its folder, which is not read"))))
        .or(() -> tuned(request, text, called));
  }

  private static InputException noSuchFile(String text) {
    return InputError.of("model ", Shown.given(text), ": no such file or folder")
        .kind(ErrorKind.NOT_FOUND)
        .given(text)
        .concerning(JobKey.MODEL_ID)
        .refusal();
  }

  /**
   * As {@link #locate}, for a text from somebody who must not choose a file: no path is looked at,
   * what is called as a model is taken for that, and where this machine keeps one is not told.
   */
  public LocatedModel locateNamed(ModelRequest request) {
    String text = checked(request);
    Optional<LocatedModel> found =
        isPathLike(text) ? folderOf(request, text) : namedOrBelow(request, text);
    return found.map(ModelLocator::withoutFolder).orElseThrow(() -> unknown(request, text, ""));
  }

  private static LocatedModel withoutFolder(LocatedModel model) {
    return Stream.of(IN_CACHE, KEPT)
        .filter(place -> model.origin().startsWith(place + " "))
        .findFirst()
        .map(model::from)
        .orElse(model);
  }

  private static String checked(ModelRequest request) {
    String text = request.text().strip();
    if (text.isEmpty()) {
      throw InputError.about(JobKey.MODEL_ID)
          .kind(ErrorKind.MISSING)
          .and(" is empty")
          .allowed("the name of a model")
          .refusal();
    }
    request.revision().ifPresent(HubId::checkedRevision);
    return text;
  }

  private Optional<LocatedModel> named(ModelRequest request, String text) {
    return known(request, text)
        .or(() -> GgufTag.of(text).flatMap(tag -> tagged(request, text, tag)))
        .or(() -> asNamed(request, text));
  }

  /** The original of what is stored to be run. */
  private Optional<LocatedModel> tagged(ModelRequest request, String text, GgufTag tag) {
    return known(request, tag.name())
        .or(() -> copy(request, tag.name(), text))
        .or(() -> spoken(request, tag.name(), text))
        .map(model -> tag.quantised() ? model.warned(ofGguf(text, model)) : model);
  }

  private static Notice ofGguf(String text, LocatedModel model) {
    return Notice.of(Shown.given(text), " is quantised to be run; what is trained is ")
        .and(Shown.given(model.id()), " in its own precision, or by QLoRA in 4 bits");
  }

  private Optional<LocatedModel> asNamed(ModelRequest request, String text) {
    Optional<HubId> id = HubId.of(text);
    return sized(request, text)
        .or(() -> id.flatMap(given -> cached(request, given)))
        .or(() -> copy(request, text, text))
        .or(() -> spoken(request, text, text))
        .or(() -> id.flatMap(given -> fetched(request, given)))
        .or(() -> id.filter(HubId::isSomebodys).flatMap(given -> tuned(request, text, text)));
  }

  /** Somebody's own model that cannot be looked at, and is called after one that is known. */
  private Optional<LocatedModel> tuned(ModelRequest request, String text, String called) {
    return usesCatalog(request)
        ? catalog
            .findTuned(called)
            .map(
                entry ->
                    ofCatalog(
                        entry,
                        List.of(
                            Notice.of(Shown.given(text), " is not known here and is taken as ")
                                .and("what its name begins with, ", Shown.given(entry.name())))))
        : Optional.empty();
  }

  private Optional<LocatedModel> path(String text) {
    try {
      Path path =
          text.startsWith("~/")
              ? Path.of(System.getProperty("user.home", "."), text.substring(2))
              : Path.of(text);
      if (Presence.isThere(path)) {
        boolean folder = Presence.isFolder(path);
        boolean mustBeMeant = isPathLike(text) || !folder;
        return mustBeMeant || Presence.isThere(path.resolve("config.json"))
            ? Optional.of(LocalModel.read(text, path, folder ? "folder " + path : "file " + path))
            : Optional.empty();
      }
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean isPathLike(String text) {
    return text.startsWith("/")
        || text.startsWith("./")
        || text.startsWith("../")
        || text.startsWith("~/")
        || text.endsWith(".json")
        || text.contains("\\");
  }

  private Optional<LocatedModel> known(ModelRequest request, String text) {
    return usesCatalog(request)
        ? catalog.find(text).map(entry -> named(text, entry, List.of()))
        : Optional.empty();
  }

  private Optional<LocatedModel> copy(ModelRequest request, String text, String said) {
    Optional<CatalogMatch> match =
        usesCatalog(request) ? catalog.findCopy(text, said) : Optional.empty();
    return match.map(found -> named(text, found.entry(), found.remark().stream().toList()));
  }

  /** A size alone is that of the usual model nearest to it. */
  private static Optional<LocatedModel> sized(ModelRequest request, String text) {
    return usesCatalog(request)
        ? UsualSizes.find(text).map(entry -> standIn(text, entry))
        : Optional.empty();
  }

  /** Whoever reads the answer learns at its beginning whose figures they are. */
  private static LocatedModel standIn(String text, ModelEntry entry) {
    Notice taken =
        Notice.of(Shown.given(text.strip()), " is taken as ", Shown.given(entry.name()))
            .and(", the usual model nearest to that size, with ")
            .and(UsualSizes.billions(entry), "B parameters");
    LocatedModel model = ofCatalog(entry, List.of(taken));
    return model.called(entry.name() + " (for " + text.strip() + ")");
  }

  /** What people call a model. */
  private Optional<LocatedModel> spoken(ModelRequest request, String text, String said) {
    return usesCatalog(request) ? new SpokenModel(catalog).find(text, said) : Optional.empty();
  }

  private static boolean usesCatalog(ModelRequest request) {
    return request.revision().isEmpty() && request.network() != Network.PREFERRED;
  }

  static LocatedModel ofCatalog(ModelEntry entry, List<Notice> warnings) {
    return new LocatedModel(
        entry.name(),
        entry.config(),
        Families.read(entry.config()),
        Optional.empty(),
        "embedded catalogue: " + entry.hubId(),
        warnings);
  }

  /** An entry under the name of one of its repositories, which may be that of a dynamic copy. */
  private static LocatedModel named(String text, ModelEntry entry, List<Notice> warnings) {
    Optional<DynamicCopy> itself = DynamicCopies.named(text);
    if (itself.isEmpty()) {
      return ofCatalog(entry, warnings).copied(text);
    }
    ModelConfig held = itself.get().in(entry.config());
    List<Notice> all =
        Stream.concat(warnings.stream(), itself.map(DynamicCopy::inWords).stream()).toList();
    LocatedModel plain = ofCatalog(entry, all);
    return new LocatedModel(
        plain.id(), held, Families.read(held), plain.stored(), plain.origin(), all);
  }

  private Optional<LocatedModel> cached(ModelRequest request, HubId id) {
    if (request.network() == Network.PREFERRED) {
      return Optional.empty();
    }
    Optional<LocatedModel> found =
        new HubCache(environment.hubCache())
            .snapshot(id, request.revision())
            .map(folder -> LocalModel.read(id.value(), folder, IN_CACHE + " " + folder));
    return found.or(() -> keptEarlier(request, id));
  }

  private Optional<LocatedModel> keptEarlier(ModelRequest request, HubId id) {
    OwnCache cache = new OwnCache(environment);
    String revision = request.revisionOrMain();
    return cache
        .get(id, revision)
        .filter(config -> isOffline(request) || isReadable(config))
        .map(config -> ofHub(id, config, KEPT + " " + cache.file(id, revision), List.of()));
  }

  private static boolean isReadable(byte[] config) {
    try {
      Json.object("kept copy", config);
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  private Optional<LocatedModel> fetched(ModelRequest request, HubId id) {
    boolean asked = request.network() == Network.PREFERRED || request.revision().isPresent();
    if (isOffline(request) || !(id.hasOwner() || asked)) {
      return Optional.empty();
    }
    String revision = request.revisionOrMain();
    byte[] content = download(id, revision);
    String origin = environment.endpoint() + "/" + id.value() + " at revision " + revision;
    LocatedModel model = ofHub(id, content, origin, List.of());
    Optional<Notice> notKept = new OwnCache(environment).put(id, revision, content);
    return Optional.of(
        notKept.isEmpty() ? model : ofHub(id, content, origin, notKept.stream().toList()));
  }

  private byte[] download(HubId id, String revision) {
    try {
      return new HubClient(environment).config(id, revision);
    } catch (InputException e) {
      throw e.error().nearest(catalog.nearest(id.value())).refusal(e);
    }
  }

  private static LocatedModel ofHub(
      HubId id, byte[] content, String origin, List<Notice> warnings) {
    String source = id.value() + "/config.json";
    ModelConfig config = new ModelConfig(source, Json.object(source, content));
    return new LocatedModel(
            id.value(), config, Families.read(config), Optional.empty(), origin, warnings)
        .copied(id.value());
  }

  private boolean isOffline(ModelRequest request) {
    return environment.offline() || request.network() == Network.FORBIDDEN;
  }

  private InputException unknown(ModelRequest request, String text, String more) {
    String offline = isOffline(request) ? " (the Hub was not asked)" : "";
    if (request.revision().isPresent()) {
      String revision = request.revision().get();
      return InputError.of("revision ", Shown.given(revision), " of model ", Shown.given(text))
          .and(" is not here", offline)
          .kind(ErrorKind.NOT_FOUND)
          .concerning(REVISION)
          .given(revision)
          .hint("leave out ", REVISION, " for the one that is known")
          .refusal();
    }
    InputError error =
        InputError.of("unknown model ", Shown.given(text), offline)
            .kind(ErrorKind.UNKNOWN)
            .concerning(JobKey.MODEL_ID)
            .given(text);
    return new UnknownName(catalog)
        .explained(error, text)
        .nearest(catalog.nearest(text))
        .hint("give a catalogue name or a Hub id like 'Qwen/Qwen2.5-7B'", more)
        .hint("or only its size, such as 7B, by ", HubAnswer.SIZE)
        .refusal();
  }
}
