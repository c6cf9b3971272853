package dev.vramcast.linker;

import dev.vramcast.linker.ClassLinker.Call;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What compares, hashes or prints a record, component by component, as {@code
 * java.lang.runtime.ObjectMethods} does. Hashes are the same too, so that maps keep their order.
 */
final class RecordMethod {

  private static final String FACTORY = "java/lang/runtime/ObjectMethods";
  private static final String OBJECT_DESCRIPTOR = "Ljava/lang/Object;";
  private static final String BUILDER = "java/lang/StringBuilder";
  private static final String EQUALS = "equals";
  private static final String HASH_CODE = "hashCode";

  private final String owner;
  private final String name;
  private final String descriptor;
  private final List<Handle> components = new ArrayList<>();
  private final String[] labels;

  /**
   * A method.
   *
   * @param owner the record
   */
  RecordMethod(String owner, Call call) {
    this.owner = owner;
    this.name = call.name();
    this.descriptor = call.descriptor();
    this.labels = ((String) call.arguments().get(1)).split(";");
    for (Object getter : call.arguments().subList(2, call.arguments().size())) {
      components.add((Handle) getter);
    }
  }

  /** Whether a call compares, hashes or prints a record. */
  static boolean isFor(Call call) {
    return call.isLinkedBy(FACTORY, "bootstrap");
  }

  private String linkedName() {
    return name + "$";
  }

  /** Writes the call, for which all is on the stack. */
  void writeUse(MethodVisitor code, boolean isInterface) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, linkedName(), descriptor, isInterface);
  }

  /** Writes the method. */
  void write(ClassVisitor visitor) {
    int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
    MethodVisitor code = visitor.visitMethod(access, linkedName(), descriptor, null, null);
    code.visitCode();
    switch (name) {
      case EQUALS -> writeEquals(code);
      case HASH_CODE -> writeHash(code);
      default -> writeText(code);
    }
    // Two records of which a component is compared, each two slots wide; and a third in a local.
    code.visitMaxs(5, 3);
    code.visitEnd();
  }

  private void writeEquals(MethodVisitor code) {
    Label other = new Label();
    Label differ = new Label();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitJumpInsn(Opcodes.IF_ACMPNE, other);
    code.visitInsn(Opcodes.ICONST_1);
    code.visitInsn(Opcodes.IRETURN);
    code.visitLabel(other);
    code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitTypeInsn(Opcodes.INSTANCEOF, owner);
    code.visitJumpInsn(Opcodes.IFEQ, differ);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitTypeInsn(Opcodes.CHECKCAST, owner);
    code.visitVarInsn(Opcodes.ASTORE, 2);
    for (Handle component : components) {
      load(code, 0, component);
      load(code, 2, component);
      compare(code, Type.getType(component.getDesc()), differ);
    }
    code.visitInsn(Opcodes.ICONST_1);
    code.visitInsn(Opcodes.IRETURN);
    code.visitLabel(differ);
    code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    code.visitInsn(Opcodes.ICONST_0);
    code.visitInsn(Opcodes.IRETURN);
  }

  private static void compare(MethodVisitor code, Type type, Label differ) {
    switch (type.getSort()) {
      case Type.LONG -> {
        code.visitInsn(Opcodes.LCMP);
        code.visitJumpInsn(Opcodes.IFNE, differ);
      }
      case Type.FLOAT, Type.DOUBLE -> {
        String owner = type.getSort() == Type.FLOAT ? "java/lang/Float" : "java/lang/Double";
        call(code, owner, "compare", Type.getMethodDescriptor(Type.INT_TYPE, type, type));
        code.visitJumpInsn(Opcodes.IFNE, differ);
      }
      case Type.ARRAY, Type.OBJECT -> {
        String descriptor = "(" + OBJECT_DESCRIPTOR + OBJECT_DESCRIPTOR + ")Z";
        call(code, "java/util/Objects", EQUALS, descriptor);
        code.visitJumpInsn(Opcodes.IFEQ, differ);
      }
      default -> code.visitJumpInsn(Opcodes.IF_ICMPNE, differ);
    }
  }

  private void writeHash(MethodVisitor code) {
    code.visitInsn(Opcodes.ICONST_0);
    for (Handle component : components) {
      code.visitIntInsn(Opcodes.BIPUSH, 31);
      code.visitInsn(Opcodes.IMUL);
      load(code, 0, component);
      Type type = Type.getType(component.getDesc());
      if (Conversion.isPrimitive(type)) {
        Type box = Conversion.box(type);
        String hashed = Type.getMethodDescriptor(Type.INT_TYPE, type);
        call(code, box.getInternalName(), HASH_CODE, hashed);
      } else {
        call(code, "java/util/Objects", HASH_CODE, "(" + OBJECT_DESCRIPTOR + ")I");
      }
      code.visitInsn(Opcodes.IADD);
    }
    code.visitInsn(Opcodes.IRETURN);
  }

  private void writeText(MethodVisitor code) {
    code.visitTypeInsn(Opcodes.NEW, BUILDER);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "()V", false);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, "java/lang/Object", "getClass", "()Ljava/lang/Class;", false);
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, "java/lang/Class", "getSimpleName", "()Ljava/lang/String;", false);
    append(code, Type.getType(String.class));
    for (int i = 0; i < components.size(); i++) {
      appendText(code, (i == 0 ? "[" : ", ") + labels[i] + "=");
      load(code, 0, components.get(i));
      append(code, Type.getType(components.get(i).getDesc()));
    }
    appendText(code, components.isEmpty() ? "[]" : "]");
    code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUILDER, "toString", "()Ljava/lang/String;", false);
    code.visitInsn(Opcodes.ARETURN);
  }

  private static void appendText(MethodVisitor code, String text) {
    code.visitLdcInsn(text);
    append(code, Type.getType(String.class));
  }

  /** Appends as {@code String.valueOf} of a component's type prints it. */
  private static void append(MethodVisitor code, Type type) {
    Type printed =
        switch (type.getSort()) {
          case Type.BYTE, Type.SHORT -> Type.INT_TYPE;
          case Type.ARRAY -> Type.getType(Object.class);
          case Type.OBJECT ->
              type.equals(Type.getType(String.class)) ? type : Type.getType(Object.class);
          default -> type;
        };
    String descriptor = Type.getMethodDescriptor(Type.getObjectType(BUILDER), printed);
    code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUILDER, "append", descriptor, false);
  }

  private void load(MethodVisitor code, int local, Handle component) {
    code.visitVarInsn(Opcodes.ALOAD, local);
    code.visitFieldInsn(Opcodes.GETFIELD, owner, component.getName(), component.getDesc());
  }

  private static void call(MethodVisitor code, String owner, String name, String descriptor) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
  }
}
