package dev.vramcast.sweep.run;

import dev.vramcast.sweep.RowSink;
import java.io.IOException;
import java.util.function.IntPredicate;

/** Where the parts of a table go. May be used by several threads, each with parts of its own. */
interface Target {

  /** Which parts are there from an earlier run. */
  IntPredicate done();

  /** Keeps a part, which its rows are delivered to. */
  void keep(Part part, Work work) throws IOException;

  /** Puts the parts together. */
  void finish() throws IOException;

  /** Delivers the rows of a part. */
  @FunctionalInterface
  interface Work {
    void to(RowSink sink) throws IOException;
  }
}
