package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How large images are, as far as a training file says it. What is said of most pixels is taken for
 * a square of so many; a smaller image stays as it is.
 */
public final class ImageSizes {

  /** Of qwen-vl-utils and of the processors that ms-swift makes. */
  private static final String VARIABLE = "MAX_PIXELS";

  /** The same in tokens, since qwen-vl-utils 0.0.14 (vision_process.py). */
  private static final String TOKENS = "IMAGE_MAX_TOKEN_NUM";

  /** Sides of a token's square: of patches of 14 pixels two by two, and of 16. */
  private static final int OF_FOURTEEN = 28;

  private static final int OF_SIXTEEN = 32;

  /** Models whose images qwen-vl-utils sizes, by the patches of vision_config in config.json. */
  private static final Pattern WITH_FOURTEEN =
      Pattern.compile("(?i).*(?:qwen_?2.*(?:vl|omni)|qvq|mimo-vl|ui-tars|olmocr).*");

  private static final Pattern WITH_SIXTEEN =
      Pattern.compile("(?i).*(?:qwen_?3.*(?:vl|omni)|qwen3\\.[56]).*");

  private static final Pattern PRODUCT =
      Pattern.compile("<?(\\d{1,9}(?:\\s*\\*\\s*\\d{1,9}){1,3})>?");

  private static final int MOST_BITS = 38;

  /** Of an image in pixels; more is a number of pixels. */
  private static final BigInteger LONGEST_SIDE = BigInteger.valueOf(16_384);

  private ImageSizes() {}

  /** Puts what a program tells its processor beside other keys. */
  public static void keep(TrainingFile program, Map<String, Node> keys) {
    Map<String, Node> told = new LinkedHashMap<>();
    for (String key : List.of("max_pixels", "size")) {
      program.node(TrainingFile.PROCESSOR + "." + key).ifPresent(node -> told.put(key, node));
    }
    if (!told.isEmpty()) {
      keys.put(TrainingFile.PROCESSOR, new Node.Fields(told, Mark.of(1)));
    }
  }

  /** Says that a file has images of which it tells neither number nor size. */
  public static void sayUntold(JobBuilder job, Setting because) {
    if (!job.has(JobKey.IMAGES) && !job.has(JobKey.IMAGE_SIZE)) {
      job.say(
          FindingCode.NOT_COUNTED,
          because,
          "images of the examples are not in the file: ",
          JobKey.IMAGES,
          " says how many a sequence has");
    }
  }

  /** Takes the most pixels that an image keeps. */
  public static void ofPixels(JobBuilder job, String key) {
    job.reads(
        List.of(JobKey.IMAGE_SIZE),
        () -> job.get(key).filter(ImageSizes::isStated).ifPresent(pixels -> square(job, pixels)));
  }

  /** Takes the same of a key, or else of the environment that the command has. */
  public static void ofPixels(JobBuilder job, String key, TrainingFile file) {
    ofPixels(job, key);
    variable(file, VARIABLE)
        .filter(pixels -> !job.has(JobKey.IMAGE_SIZE))
        .ifPresent(pixels -> job.reads(List.of(JobKey.IMAGE_SIZE), () -> square(job, pixels)));
    variable(file, TOKENS)
        .filter(tokens -> !job.has(JobKey.IMAGE_SIZE))
        .ifPresent(tokens -> job.reads(List.of(JobKey.IMAGE_SIZE), () -> tokens(job, tokens)));
  }

  private static Optional<Setting> variable(TrainingFile file, String name) {
    return file.command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(name)))
        .map(node -> new Setting(file.name(), name, node))
        .filter(ImageSizes::isStated);
  }

  private static void tokens(JobBuilder job, Setting tokens) {
    String model = job.text(JobKey.MODEL_ID).orElse("");
    String name = model.substring(model.lastIndexOf('/') + 1);
    boolean fourteen = WITH_FOURTEEN.matcher(name).matches();
    if (!fourteen && !WITH_SIXTEEN.matcher(name).matches()) {
      job.say(
          FindingCode.NOT_COUNTED,
          tokens,
          tokens.key(),
          " is of qwen-vl-utils, which models of other families do without: of ",
          Shown.oneLine(model),
          " it is not known to size images");
      return;
    }
    int side = fourteen ? OF_FOURTEEN : OF_SIXTEEN;
    square(job, tokens, product(tokens).multiply(BigInteger.valueOf(side).pow(2)));
  }

  /** Takes the side of a square that images are brought to, or both sides. */
  public static void ofSides(JobBuilder job, String key) {
    job.reads(
        List.of(JobKey.IMAGE_SIZE),
        () -> job.get(key).filter(ImageSizes::isStated).ifPresent(sides -> sides(job, sides)));
  }

  /**
   * Takes the size that a processor is given: both sides, or the longest, which processors that
   * count pixels have for the most of them.
   */
  public static void ofProcessor(JobBuilder job, String key) {
    if (job.has(JobKey.IMAGE_SIZE)) {
      return;
    }
    job.reads(
        List.of(JobKey.IMAGE_SIZE), () -> job.get(key).ifPresent(size -> ofProcessor(job, size)));
  }

  private static void ofProcessor(JobBuilder job, Setting size) {
    Optional<Setting> longest = size.at("longest_edge");
    Optional<Setting> height = size.at("height");
    Optional<Setting> width = size.at("width");
    if (height.isPresent() && width.isPresent()) {
      put(job, List.of(width.get().whole(), height.get().whole()), size, "of that size");
    } else if (longest.filter(ImageSizes::isStated).isPresent()) {
      BigInteger most = product(longest.get());
      if (most.compareTo(LONGEST_SIDE) > 0) {
        square(job, longest.get());
      } else {
        int side = most.intValueExact();
        put(job, List.of(side, side), longest.get(), "as large as that lets them be");
      }
    }
  }

  private static boolean isStated(Setting at) {
    return !at.isNothing() && !at.isVariable();
  }

  private static void square(JobBuilder job, Setting pixels) {
    square(job, pixels, product(pixels));
  }

  private static void square(JobBuilder job, Setting pixels, BigInteger most) {
    if (most.signum() < 1 || most.bitLength() > MOST_BITS) {
      throw pixels.unusable("a number of pixels above 0");
    }
    int side = most.sqrt().intValueExact();
    put(job, List.of(side, side), pixels, "as large as " + pixels.key() + " lets them be");
  }

  /** A number, or a product as programs write it: {@code 1280 * 28 * 28}. */
  private static BigInteger product(Setting pixels) {
    Matcher product = PRODUCT.matcher(pixels.shown());
    return product.matches()
        ? Stream.of(product.group(1).split("\\s*\\*\\s*"))
            .map(BigInteger::new)
            .reduce(BigInteger.ONE, BigInteger::multiply)
        : BigInteger.valueOf(pixels.whole());
  }

  private static void sides(JobBuilder job, Setting sides) {
    if (sides.node().value() instanceof List<?>) {
      put(job, sides.node().value(), sides, "of that size");
    } else {
      int side = sides.whole();
      put(job, List.of(side, side), sides, "of that size");
    }
  }

  private static void put(JobBuilder job, Object size, Setting at, String how) {
    job.put(JobKey.IMAGE_SIZE, size, at);
    job.assume(
        at,
        at.key() + ": images are taken to be " + how,
        ", and a model that reads them to see one in a sequence; ",
        JobKey.IMAGES,
        " says how many");
  }
}
