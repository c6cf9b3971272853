package dev.vramcast.input.fuzz;

import dev.vramcast.input.counted.CountedClasses;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Loads the program and the libraries that parse for it once more, with each branch counted. */
final class EdgeLoader extends CountedClasses {

  private static final String OWN = EdgeLoader.class.getPackageName() + ".E";
  private static final String EDGES = Edges.class.getName().replace('.', '/');

  EdgeLoader(ClassLoader parent) {
    super(parent);
  }

  @Override
  protected boolean counts(String name) {
    return name.startsWith(OWN);
  }

  @Override
  protected ClassVisitor into(ClassWriter writer, String name) {
    return new Classes(writer, name.hashCode());
  }

  private static final class Classes extends ClassVisitor {

    private final int hash;

    Classes(ClassVisitor next, int hash) {
      super(Opcodes.ASM9, next);
      this.hash = hash;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      // Before its constructor has called another one, an object may not be looked at.
      return name.equals("<init>")
          ? next
          : new Methods(next, hash * 31 + (name + descriptor).hashCode());
    }
  }

  private static final class Methods extends MethodVisitor {

    private int place;

    Methods(MethodVisitor next, int hash) {
      super(Opcodes.ASM9, next);
      this.place = hash;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      pass();
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      if (opcode == Opcodes.GOTO) {
        pass();
      }
      super.visitJumpInsn(opcode, label);
      if (opcode != Opcodes.GOTO && opcode != Opcodes.JSR) {
        pass();
      }
    }

    private void pass() {
      place = place * 31 + 17;
      super.visitLdcInsn((place ^ place >>> 16) & (Edges.SIZE - 1));
      super.visitMethodInsn(Opcodes.INVOKESTATIC, EDGES, "pass", "(I)V", false);
    }
  }
}
