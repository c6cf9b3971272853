package dev.vramcast.core.time;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.time.rate.Coefficients;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.Passes;
import dev.vramcast.core.time.work.TowerProfile;
import java.util.Optional;

/**
 * The time of a vision tower, which runs on the images of a sequence before the language model
 * does. Each GPU of a tensor- or context-parallel group runs all of it.
 *
 * @param kernels seconds of a GPU for each token of the sequence
 * @param forward of a forward pass alone
 * @param layers that are launched, in units of a forward and backward pass
 * @param trains whether gradients reach it, so that it runs backward
 * @param text it reads a text, and no images
 */
record TowerTime(double kernels, double forward, double layers, boolean trains, boolean text) {

  static final TowerTime NONE = new TowerTime(0, 0, 0, false, false);

  static TowerTime of(
      ModelProfile model, ResolvedJob job, Rates rates, Layout layout, SpeedCoefficients all) {
    return of(model.tower(), job.batch().images(), job, rates, all).spread(job, layout);
  }

  /** As {@link #of}, of the encoder of sound. */
  static TowerTime ofSound(
      ModelProfile model, ResolvedJob job, Rates rates, Layout layout, SpeedCoefficients all) {
    return of(model.listener(), job.batch().sound(), job, rates, all).spread(job, layout);
  }

  private static TowerTime of(
      Optional<TowerProfile> tower,
      Images given,
      ResolvedJob job,
      Rates rates,
      SpeedCoefficients all) {
    return tower
        .filter(each -> given.count() > 0)
        .map(each -> of(each, given, job, rates, all))
        .orElse(NONE);
  }

  /** That of both. */
  TowerTime with(TowerTime other) {
    return new TowerTime(
        kernels + other.kernels, forward + other.forward, layers + other.layers, trains, text);
  }

  /** Seconds of one sequence. */
  private static TowerTime of(
      TowerProfile tower, Images given, ResolvedJob job, Rates rates, SpeedCoefficients all) {
    int images = given.count();
    ImageGrid.Parts image = tower.grid().of(images, given.size()).orElseThrow();
    double patches = (double) image.tiles() * image.patches();
    double tokens =
        tower.seen().states() > 0
            ? tower.seen().states()
            : image.canvas().map(ImageGrid.Canvas::cells).orElse(image.tokens());
    double weights = patches * tower.weights().patch() + tokens * tower.weights().token();
    // Layers that look have the tokens of the text before them, where it is no image with states.
    double seen = tower.seen().states() > 0 ? tower.seen().states() : patches;
    double looked = job.batch().sequenceLength() * seen * tower.seen().width();
    double pairs = patches * tower.attended(image.patches()) + looked;
    double attention = 4 * pairs * rates.kernels() / (rates.head() * rates.attention().speed());
    double products = 2 * weights * rates.kernels() / rates.head();
    double memory = 2 * tower.activations() * patches * rates.traffic().passes() / rates.memory();
    double unpacked =
        rates.traffic().dequantised()
            * (tower.weights().patch() + tower.weights().token())
            / rates.memory()
            / job.batch().microBatch();
    double unread = tower.layers() == 0 ? 0 : tower.unread() / (double) tower.layers();
    double behind =
        images
            * unread
            * (2 * patches * tower.weights().patch() * rates.kernels() / rates.head()
                + attention
                + memory / 3);
    double forward = images * (products + attention + memory / 3) + behind + unpacked;
    boolean adapters = job.adapter().isPresent();
    boolean trains =
        !job.frozen().contains(FrozenPart.TOWERS)
            && job.adapter()
                .map(each -> tower.isAdapted(each.allLinear(), each.targets()))
                .orElse(job.method() != Method.FREEZE);
    if (!trains) {
      return new TowerTime(
          forward, forward, (tower.layers() + tower.unread()) / 3.0, false, tower.readsText());
    }
    double again = Passes.recomputed(job).others() * all.of(SpeedCoefficient.RECOMPUTED);
    double step =
        images
                * (products * ((adapters ? 2 : 3) + again)
                    + attention * (Coefficients.ATTENTION_PASSES + again)
                    + memory * (1 + again / 3))
            + behind
            + unpacked * (2 + again);
    double launched = tower.layers() * (1 + again / 3) + tower.unread() / 3.0;
    return new TowerTime(step, forward, launched, true, tower.readsText());
  }

  /** Which of its passes are counted. */
  String sentence() {
    if (text) {
      return trains
          ? "The encoder runs forward and backward on the tokens that it reads."
          : "The encoder runs forward alone: nothing in it is trained.";
    }
    return trains
        ? "The vision tower runs forward and backward on the patches of all images."
        : "The vision tower runs forward alone: nothing in it is trained.";
  }

  /** The same of an encoder of sound. */
  String sentenceOfSound() {
    return trains
        ? "The encoder of sound runs forward and backward on all recordings."
        : "The encoder of sound runs forward alone: nothing in it is trained.";
  }

  private TowerTime spread(ResolvedJob job, Layout layout) {
    double share = (double) layout.degrees().stageWidth() / job.batch().sequenceLength();
    return new TowerTime(kernels * share, forward * share, layers, trains, text);
  }
}
