package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes of a loss over vectors of sentences: all texts of a batch, before it is computed
 * (sentence_transformers/base/losses/merged_forward.py embed_columns); or as many as fit, without a
 * graph first and with one behind the loss (gradcache.py forward_cached, _backward_hook).
 */
final class EmbeddingPlan {

  private final ResolvedJob job;
  private final StageCode code;
  private final Settings.Contrast contrast;
  private final boolean guided;

  private EmbeddingPlan(ResolvedJob job, Objective.SentenceEmbedding objective) {
    this.job = job;
    this.code = job.frameworkCode().stages();
    this.contrast = objective.contrast();
    this.guided = objective.guide().isPresent();
  }

  static List<Episode> episodes(ResolvedJob job, Objective.SentenceEmbedding objective) {
    EmbeddingPlan plan = new EmbeddingPlan(job, objective);
    List<ResidentModel> models = new ArrayList<>(List.of(ResidentModel.POLICY));
    if (plan.guided) {
      models.add(ResidentModel.TEACHER);
    }
    return List.of(new Episode.Load(models), plan.step());
  }

  private Episode.Step step() {
    return contrast.miniBatch().isPresent()
        ? cached(Math.min(contrast.miniBatch().get(), job.batch().microBatch()))
        : new Episode.Step(guided(batches().stream().map(this::trained).toList()));
  }

  /** Mini-batches of the longest texts stand for those of all columns. */
  private Episode.Step cached(int texts) {
    Pass trained = trained(new PassBatch(texts, length()));
    List<Pass> passes = new ArrayList<>(List.of(trained.withoutGraph()));
    if (guided) {
      passes.add(trained.withoutGraph(ResidentModel.TEACHER));
    }
    passes.add(trained);
    int rounds = (job.batch().microBatch() + texts - 1) / texts;
    return new Episode.Step(passes, Math.multiplyExact(rounds, contrast.texts()));
  }

  /** The guide embeds the same texts behind the model (gist_embed.py forward). */
  private List<Pass> guided(List<Pass> trained) {
    List<Pass> all = new ArrayList<>(trained);
    if (guided) {
      trained.forEach(pass -> all.add(pass.withoutGraph(ResidentModel.TEACHER)));
    }
    return all;
  }

  private List<PassBatch> batches() {
    int examples = job.batch().microBatch();
    if (code.does(StageHabit.MERGES_TEXTS)) {
      return List.of(new PassBatch(Math.multiplyExact(examples, contrast.texts()), length()));
    }
    List<PassBatch> batches = new ArrayList<>();
    batches.add(new PassBatch(examples, contrast.anchor().orElse(length())));
    int others = contrast.texts() - 1;
    if (code.does(StageHabit.MERGES_CANDIDATES)) {
      batches.add(new PassBatch(Math.multiplyExact(examples, others), length()));
    } else {
      for (int column = 0; column < others; column++) {
        batches.add(new PassBatch(examples, length()));
      }
    }
    return batches;
  }

  private Pass trained(PassBatch batch) {
    return new Pass(ResidentModel.POLICY, true, batch, new PassHead.Embedding(contrast.pooling()));
  }

  private int length() {
    return job.batch().sequenceLength();
  }
}
