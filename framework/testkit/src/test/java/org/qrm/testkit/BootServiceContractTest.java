package org.qrm.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.Test;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;

public class BootServiceContractTest {

    @Test
    public void whatIsRightPasses() {
        Bites.none(Right.class);
    }

    @Test
    public void eachWrongOneIsFound() {
        Bites.all(BootServiceContractTest.class);
    }

    /** Writes a tar.gz. */
    static final class Packed {
        private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

        Packed with(String name, String mode, char type, String target) {
            byte[] header = new byte[512];
            put(header, 0, name);
            put(header, 100, "0000" + mode);
            put(header, 124, "00000000004");
            put(header, 148, "        ");
            header[156] = (byte) type;
            put(header, 157, target);
            put(header, 257, "ustar\00000");
            int sum = 0;
            for (byte each : header) {
                sum += each & 0xff;
            }
            put(header, 148, "%06o\0 ".formatted(sum));
            tar.writeBytes(header);
            tar.writeBytes(Arrays.copyOf("true".getBytes(UTF_8), 512));
            return this;
        }

        private static void put(byte[] header, int at, String text) {
            byte[] bytes = text.getBytes(UTF_8);
            System.arraycopy(bytes, 0, header, at, bytes.length);
        }

        byte[] bytes() {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
                tar.writeTo(out);
                out.write(new byte[1024]);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
            return compressed.toByteArray();
        }
    }

    private static byte[] usual() {
        return new Packed()
                .with("start", "755", '0', "")
                .with("verbs/list", "755", '0', "")
                .with("lib/tool.sh", "644", '0', "")
                .bytes();
    }

    /** A package for hosts of one plug-in. */
    static class Service implements BootService {
        private final byte[] content;

        Service(byte[] content) {
            this.content = content;
        }

        @Override
        public String plugin() {
            return "map";
        }

        @Override
        public boolean appliesTo(Assignment assignment) {
            return plugin().equals(assignment.environment().partitioning());
        }

        @Override
        public InputStream open() throws IOException {
            return new ByteArrayInputStream(content);
        }
    }

    /** The contract with a package that keeps it. */
    public static class Right extends BootServiceContract {
        @Override
        protected BootService service() {
            return new Service(usual());
        }

        @Override
        protected Assignment concerned() {
            return Environment.named("host")
                    .partitioning("map")
                    .on(Machine.node(1).resource());
        }

        @Override
        protected List<Assignment> unconcerned() {
            return List.of(Environment.named("web1").on(Machine.node(2).resource()));
        }
    }

    // ---- wrong ones

    @FailsAt(value = "saysWhoseItIs", saying = "plugin() is")
    public static final class NamesItselfInWords extends Right {
        @Override
        protected BootService service() {
            return new Service(usual()) {
                @Override
                public String plugin() {
                    return "The Map";
                }
            };
        }
    }

    @FailsAt(value = "appliesToItsMachinesAndToNoOthers", saying = "it applies to")
    public static final class AppliesToAll extends Right {
        @Override
        protected BootService service() {
            return new Service(usual()) {
                @Override
                public boolean appliesTo(Assignment assignment) {
                    return true;
                }
            };
        }
    }

    @FailsAt(value = "answersForEveryMachine", saying = "partitioning")
    public static final class ForgetsThatThereMayBeNone extends Right {
        @Override
        protected BootService service() {
            return new Service(usual()) {
                @Override
                public boolean appliesTo(Assignment assignment) {
                    String partitioning = assignment.environment().partitioning();
                    return partitioning.equals(plugin());
                }
            };
        }
    }

    @FailsAt(value = "isTheSameEachTime", saying = "the second time")
    public static final class CanBeReadOnce extends Right {
        @Override
        protected BootService service() {
            InputStream only = new ByteArrayInputStream(usual());
            return new Service(usual()) {
                @Override
                public InputStream open() {
                    return only;
                }
            };
        }
    }

    @FailsAt(value = "staysInItsFolder", saying = "the package is no tar.gz")
    public static final class IsNoArchive extends Right {
        @Override
        protected BootService service() {
            return new Service("#!/bin/sh\n".getBytes(UTF_8));
        }
    }

    @FailsAt(value = "staysInItsFolder", saying = "it leaves its folder")
    public static final class WritesElsewhere extends Right {
        @Override
        protected BootService service() {
            return new Service(
                    new Packed().with("../../etc/passwd", "644", '0', "").bytes());
        }
    }

    @FailsAt(value = "startAndVerbsCanBeRun", saying = "it is not executable: verbs/list")
    public static final class CannotBeRun extends Right {
        @Override
        protected BootService service() {
            return new Service(new Packed().with("./verbs/list", "644", '0', "").bytes());
        }
    }

    @FailsAt(value = "startAndVerbsCanBeRun", saying = "no verb can have that name")
    public static final class HasAnOddVerb extends Right {
        @Override
        protected BootService service() {
            return new Service(
                    new Packed().with("verbs/List.sh", "755", '0', "").bytes());
        }
    }
}
