package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.Pass.Attending;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Features.Taking;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes of a micro-batch of texts that are gone on with at places all over them
 * (axolotl/core/trainers/ebft/strided.py compute_loss).
 */
record PlacesPlan(StagePasses passes) {

  /** Axolotl's {@code feature_layers}: at 25, 50 and 75 % of the depth. */
  private static final int FEATURE_LAYERS = 3;

  private static final Attending DRAWING = new Attending(AttentionKernel.EAGER, true);
  private static final Attending TRAINING = new Attending(AttentionKernel.FLEX, false);
  private static final Attending SHARED_FEATURES = new Attending(AttentionKernel.SDPA, true);

  /**
   * Each token of the places in a pass of its own, without a cache; the policy over what has come
   * of it, one sequence after the other behind adapters; the features of all at once, of the policy
   * without its adapters or of a copy, while the policy's graph waits.
   */
  List<Episode> episodes(Objective.EnergyOfPlaces ebft) {
    boolean shared = ebft.reference().source() == ReferenceSource.ADAPTER_OFF;
    Settings.Places places = ebft.places();
    int sequences = Math.multiplyExact(passes.job().batch().microBatch(), places.rollouts());
    int count = places.count(passes.length());
    int length = Math.addExact(passes.length(), Math.multiplyExact(places.tokens(), count));
    List<Pass> all = new ArrayList<>(drawing(places.tokens(), sequences, count));
    int labels = places.likelihood() ? length - 1 : length - passes.length();
    for (int i = 0; i < (shared ? sequences : 1); i++) {
      all.add(trained(new PassBatch(shared ? 1 : sequences, length), labels, shared));
    }
    all.add(features(new PassBatch(sequences, length), shared));
    List<ResidentModel> models =
        shared
            ? List.of(ResidentModel.POLICY)
            : List.of(ResidentModel.POLICY, ResidentModel.REFERENCE);
    return List.of(new Episode.Load(models), new Episode.Step(all));
  }

  private List<Pass> drawing(int tokens, int sequences, int count) {
    List<Pass> drawing = new ArrayList<>();
    for (int i = 0; i < tokens; i++) {
      PassBatch batch = new PassBatch(sequences, Math.addExact(passes.length(), i * count));
      PassHead head = new PassHead.DrawnTokens(count, i < tokens - 1);
      drawing.add(new Pass(ResidentModel.POLICY, false, batch, head).with(DRAWING));
    }
    return drawing;
  }

  /** {@code backbone} is found behind PEFT's class alone. */
  private static Pass trained(PassBatch batch, int labels, boolean behindAdapters) {
    PassHead head = new PassHead.Pieces(labels, !behindAdapters);
    return new Pass(ResidentModel.POLICY, true, batch, head).with(TRAINING);
  }

  private static Pass features(PassBatch batch, boolean shared) {
    Taking way = shared ? Taking.SCALED_OUTPUTS : Taking.SCALED;
    Pass pass =
        new Pass(
            shared ? ResidentModel.POLICY : ResidentModel.REFERENCE,
            false,
            batch,
            new PassHead.Features(FEATURE_LAYERS, true, way),
            !shared);
    return pass.with(shared ? SHARED_FEATURES : TRAINING);
  }
}
