/** The arithmetic of memory, time and cost. No files, no network, no clock, no dependency. */
module dev.vramcast.core {
  requires static org.jspecify;

  exports dev.vramcast.core.architecture;
  exports dev.vramcast.core.architecture.family;
  exports dev.vramcast.core.architecture.tensor;
  exports dev.vramcast.core.calibration;
  exports dev.vramcast.core.cost;
  exports dev.vramcast.core.data;
  exports dev.vramcast.core.fit;
  exports dev.vramcast.core.hardware;
  exports dev.vramcast.core.input;
  exports dev.vramcast.core.job;
  exports dev.vramcast.core.job.code;
  exports dev.vramcast.core.job.document;
  exports dev.vramcast.core.job.objective;
  exports dev.vramcast.core.job.option;
  exports dev.vramcast.core.job.option.layer;
  exports dev.vramcast.core.job.resolve;
  exports dev.vramcast.core.job.rule;
  exports dev.vramcast.core.job.value;
  exports dev.vramcast.core.life;
  exports dev.vramcast.core.life.file;
  exports dev.vramcast.core.market;
  exports dev.vramcast.core.plan;
  exports dev.vramcast.core.plan.machine;
  exports dev.vramcast.core.plan.search;
  exports dev.vramcast.core.plan.setting;
  exports dev.vramcast.core.range;
  exports dev.vramcast.core.rule;
  exports dev.vramcast.core.run;
  exports dev.vramcast.core.run.check;
  exports dev.vramcast.core.run.episode;
  exports dev.vramcast.core.step;
  exports dev.vramcast.core.time;
  exports dev.vramcast.core.time.rate;
  exports dev.vramcast.core.time.work;
  exports dev.vramcast.core.trace;
  exports dev.vramcast.core.trace.replay;
  exports dev.vramcast.core.units;
}
