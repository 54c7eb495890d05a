package org.qrm.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;

public class StorageTypeContractTest {

    @Test
    public void whatIsRightPasses() {
        Bites.none(Right.class);
    }

    @Test
    public void eachWrongOneIsFound() {
        Bites.all(StorageTypeContractTest.class);
    }

    /** What a storage server has. */
    static final class Disk {
        final Map<String, String> content = new TreeMap<>();
        final Map<String, String> texts = new ConcurrentHashMap<>();
        final Map<String, List<StorageClient>> access = new TreeMap<>();
        volatile boolean gone;
        volatile boolean stuck;

        synchronized void put(String path, String text) {
            content.put(path, text);
        }

        synchronized String get(String path) {
            return content.get(path);
        }

        synchronized void remove(String path) {
            content.remove(path);
            access.remove(path);
        }

        synchronized List<String> paths() {
            return new ArrayList<>(content.keySet());
        }

        synchronized void open(String path, List<StorageClient> clients) {
            access.put(path, List.copyOf(clients));
        }

        synchronized List<StorageClient> access(String path) {
            return access.getOrDefault(path, List.of());
        }
    }

    /** Images in memory. */
    static class Storage implements StorageType {
        final Disk disk;

        Storage(Disk disk) {
            this.disk = disk;
        }

        @Override
        public String name() {
            return "memory";
        }

        void reach(String attempted, StorageServer server, WorkContext work) {
            if (disk.gone) {
                throw new QrmException(
                        new Problem(Problem.Kind.UNREACHABLE, attempted, server.name(), "it is silent", "Look."));
            }
            do {
                work.checkpoint();
                work.pause(Duration.ofMillis(1));
            } while (disk.stuck);
        }

        String path(StorageServer server, FilesystemImage image) {
            if (!image.path().startsWith(server.exportRoot() + "/")
                    || image.path().contains("..")) {
                throw QrmException.invalid("use path", image.path(), "it is outside", "Take another.");
            }
            return image.path();
        }

        @Override
        public StorageFacts probe(StorageServer server, WorkContext work) {
            reach("probe", server, work);
            return new StorageFacts("memory", 1000);
        }

        @Override
        public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
            String path = path(server, image);
            if (!(source instanceof ImageSource.Empty)) {
                throw QrmException.refused("make image", image.name(), "only empty ones can be made", "Copy later.");
            }
            reach("make image", server, work);
            String there = disk.get(path);
            if (there != null && there.equals("whole")) {
                return;
            }
            disk.put(path, "half");
            work.progress(0.5, "half of it");
            disk.put(path, "whole");
        }

        @Override
        public long size(StorageServer server, FilesystemImage image, WorkContext work) {
            reach("measure", server, work);
            return 5;
        }

        @Override
        public List<String> list(StorageServer server, WorkContext work) {
            reach("list", server, work);
            return disk.paths();
        }

        @Override
        public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
            String path = path(server, image);
            reach("remove", server, work);
            disk.open(path, List.of());
            work.progress(0.5, "closed");
            disk.remove(path);
        }

        @Override
        public void setAccess(
                StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
            String path = path(server, image);
            reach("open", server, work);
            disk.open(path, clients);
        }

        @Override
        public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
            return new Mount(name(), server.address() + ":" + image.path(), writable ? "rw" : "ro");
        }
    }

    /** The contract with storage that keeps it. */
    public static class Right extends StorageTypeContract {
        final Disk disk = new Disk();

        @Override
        protected StorageType type() {
            return new Keeping(disk);
        }

        @Override
        protected StorageServer server() {
            return new StorageServer("store", "memory", "10.77.0.2", "10.77.0.2", "/export", null);
        }

        @Override
        protected boolean exists(FilesystemImage image) {
            return disk.get(image.path()) != null;
        }

        @Override
        protected boolean write(FilesystemImage image, String text) {
            disk.texts.put(image.path(), text);
            return true;
        }

        @Override
        protected String read(FilesystemImage image) {
            return disk.texts.get(image.path());
        }

        @Override
        protected List<StorageClient> access(FilesystemImage image) {
            return disk.access(image.path());
        }

        @Override
        protected boolean disconnect() {
            disk.gone = true;
            return true;
        }

        @Override
        protected boolean stick() {
            disk.stuck = true;
            return true;
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(5);
        }

        @Override
        protected Duration shortPatience() {
            return Duration.ofMillis(100);
        }

        @Override
        protected Duration grace() {
            return Duration.ofSeconds(2);
        }
    }

    /** Storage that takes snapshots, too. */
    static class Keeping extends Storage {
        Keeping(Disk disk) {
            super(disk);
        }

        static String key(FilesystemImage image, String snapshot) {
            return image.path() + "@" + snapshot;
        }

        @Override
        public Set<StorageAbility> abilities() {
            return Set.of(StorageAbility.SNAPSHOTS);
        }

        @Override
        public void createSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
            reach("take snapshot", server, work);
            disk.texts.put(key(image, snapshot), disk.texts.getOrDefault(image.path(), ""));
            work.progress(1, "it is taken");
        }

        @Override
        public void restoreSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
            reach("restore snapshot", server, work);
            String kept = disk.texts.get(key(image, snapshot));
            if (kept == null) {
                throw QrmException.notFound("restore snapshot", "snapshot", snapshot);
            }
            if (!disk.access(image.path()).isEmpty()) {
                throw QrmException.conflict("restore snapshot", image.name(), "it is open", "Close it.");
            }
            disk.texts.put(image.path(), kept);
        }

        @Override
        public void removeSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
            reach("remove snapshot", server, work);
            disk.texts.remove(key(image, snapshot));
        }
    }

    // ---- wrong ones

    @FailsAt(value = "tellsWhatItCanDo", saying = "abilities() is null")
    public static final class CanDoNull extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public Set<StorageAbility> abilities() {
                    return null;
                }
            };
        }
    }

    @FailsAt(value = "refusesSnapshotsThatItDoesNotTake", saying = "createSnapshot() cannot be done, and returned")
    public static final class TakesNoneSilently extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void createSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    work.log("later");
                }
            };
        }
    }

    /** As what merges a snapshot into its origin. */
    @FailsAt(value = "givesAnImageTheContentOfASnapshotAgainAsOftenAsItIsAsked", saying = "snapshot")
    public static final class RestoresOnce extends Right {
        @Override
        protected StorageType type() {
            return new Keeping(disk) {
                @Override
                public void restoreSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    super.restoreSnapshot(server, image, snapshot, work);
                    removeSnapshot(server, image, snapshot, work);
                }
            };
        }
    }

    @FailsAt(value = "takesASnapshotAnewWhoseTakingWasCutOff", saying = "that of the last time")
    public static final class TakesWhatIsThereForDone extends Right {
        @Override
        protected StorageType type() {
            return new Keeping(disk) {
                @Override
                public void createSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    if (!disk.texts.containsKey(key(image, snapshot))) {
                        super.createSnapshot(server, image, snapshot, work);
                    }
                }
            };
        }
    }

    @FailsAt(value = "removesASnapshotAndMayBeAskedAgain", saying = "snapshot")
    public static final class RemovesTheSnapshotsOfAll extends Right {
        @Override
        protected StorageType type() {
            return new Keeping(disk) {
                @Override
                public void removeSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    disk.texts.keySet().removeIf(key -> key.endsWith("@" + snapshot));
                }
            };
        }
    }

    @FailsAt(value = "restoresNothingThatMachinesMayMount", saying = "while a machine may mount it")
    public static final class ChangesWhatMachinesUse extends Right {
        @Override
        protected StorageType type() {
            return new Keeping(disk) {
                @Override
                public void restoreSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    disk.texts.put(image.path(), disk.texts.get(key(image, snapshot)));
                }
            };
        }
    }

    @FailsAt(value = "goesOnWithSnapshotsAfterACrash", saying = "half of it")
    public static final class LeavesHalfASnapshot extends Right {
        @Override
        protected StorageType type() {
            return new Keeping(disk) {
                @Override
                public void createSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    if ("half".equals(disk.texts.get(key(image, snapshot)))) {
                        throw QrmException.conflict("take snapshot", snapshot, "half of it is there", "");
                    }
                    disk.texts.put(key(image, snapshot), "half");
                    super.createSnapshot(server, image, snapshot, work);
                }
            };
        }
    }

    @FailsAt(value = "saysOfSnapshotsThatTheServerDoesNotAnswer", saying = "removeSnapshot() with nobody there")
    public static final class ThinksThatItIsRemoved extends Right {
        @Override
        protected StorageType type() {
            return new Keeping(disk) {
                @Override
                public void removeSnapshot(
                        StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
                    disk.texts.remove(key(image, snapshot));
                }
            };
        }
    }

    @FailsAt(value = "hasAProperName", saying = "name() is")
    public static final class HasABlankName extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public String name() {
                    return " ";
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatTheServerIs", saying = "probe() is null")
    public static final class FindsNull extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public StorageFacts probe(StorageServer server, WorkContext work) {
                    return null;
                }
            };
        }
    }

    @FailsAt(value = "makesAnImageAndMayBeAskedAgain", saying = "it is there")
    public static final class MakesAnImageOnce extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
                    if (disk.get(image.path()) != null) {
                        throw QrmException.conflict("make image", image.name(), "it is there", "");
                    }
                    super.create(server, image, source, work);
                }
            };
        }
    }

    @FailsAt(value = "makesAnImageAndMayBeAskedAgain", saying = "list() lacks")
    public static final class ListsNothing extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public List<String> list(StorageServer server, WorkContext work) {
                    reach("list", server, work);
                    return List.of();
                }
            };
        }
    }

    @FailsAt(value = "listsEachImageOnceAndNothingElse", saying = "leaves the export root")
    public static final class ListsRelativePaths extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public List<String> list(StorageServer server, WorkContext work) {
                    return super.list(server, work).stream()
                            .map(path -> path.substring(server.exportRoot().length() + 1))
                            .toList();
                }
            };
        }
    }

    @FailsAt(value = "removesAnImageAndMayBeAskedAgain", saying = "there is no such image")
    public static final class RemovesOnce extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
                    if (disk.get(image.path()) == null) {
                        throw QrmException.notFound("remove", "image", image.name());
                    }
                    super.remove(server, image, work);
                }
            };
        }
    }

    @FailsAt(value = "closesWhatItRemoves", saying = "who may mount")
    public static final class LeavesItOpen extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
                    List<StorageClient> clients = disk.access(image.path());
                    super.remove(server, image, work);
                    disk.open(image.path(), clients);
                }
            };
        }
    }

    @FailsAt(value = "opensAnImageToExactlyTheMachinesThatItIsTold", saying = "who may mount")
    public static final class AddsToWhoMayMount extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void setAccess(
                        StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
                    List<StorageClient> all = new ArrayList<>(disk.access(image.path()));
                    clients.stream().filter(each -> !all.contains(each)).forEach(all::add);
                    super.setAccess(server, image, clients.isEmpty() ? clients : all, work);
                }
            };
        }
    }

    /** As whoever edits a file of exports by prefix. */
    @FailsAt(value = "leavesOtherImagesAlone", saying = "who may mount web10")
    public static final class TakesAPrefixForAName extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void setAccess(
                        StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
                    super.setAccess(server, image, clients, work);
                    disk.paths().stream()
                            .filter(path -> path.startsWith(image.path()))
                            .forEach(path -> disk.open(path, clients));
                }
            };
        }
    }

    @FailsAt(value = "touchesNothingOutsideTheExportRoot", saying = "remove() at /export cannot be done")
    public static final class RemovesTheExportRoot extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
                    disk.remove(image.path());
                }
            };
        }
    }

    @FailsAt(value = "goesOnAfterACrash", saying = "half of it is there")
    public static final class StumblesOverHalf extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
                    if ("half".equals(disk.get(image.path()))) {
                        throw QrmException.conflict("make image", image.name(), "half of it is there", "");
                    }
                    super.create(server, image, source, work);
                }
            };
        }
    }

    @FailsAt(value = "mountIsAPureFunction", saying = "the second time")
    public static final class MountsByTheHour extends Right {
        private int times;

        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
                    return new Mount(name(), server.address() + ":" + image.path(), "rw,id=" + ++times);
                }
            };
        }
    }

    @FailsAt(value = "mountIsAPureFunction", saying = "it is no word that machines are told")
    public static final class MountsWithBlanks extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
                    return new Mount(name(), server.address() + ": " + image.path(), writable ? "rw" : "ro");
                }
            };
        }
    }

    @FailsAt(value = "saysThatTheServerDoesNotAnswer", saying = "list() with nobody there cannot be done, and returned")
    public static final class ListsNothingOfASilentServer extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public List<String> list(StorageServer server, WorkContext work) {
                    return disk.gone ? List.of() : super.list(server, work);
                }
            };
        }
    }

    /** Else machines of before go on writing to an image that others mount. */
    @FailsAt(value = "saysThatTheServerDoesNotAnswer", saying = "closing with nobody there")
    public static final class ThinksThatItIsClosed extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void setAccess(
                        StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
                    if (!disk.gone || !clients.isEmpty()) {
                        super.setAccess(server, image, clients, work);
                    }
                }
            };
        }
    }

    @FailsAt(value = "endsAtItsDeadline", saying = "has not ended within")
    public static final class WaitsForEver extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                void reach(String attempted, StorageServer server, WorkContext work) {
                    while (disk.stuck) {
                        work.pause(Duration.ofMillis(1));
                    }
                    super.reach(attempted, server, work);
                }
            };
        }
    }

    @FailsAt(value = "endsWhenItIsCancelled", saying = "returned as if it was")
    public static final class TakesACancelForTheEnd extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
                    try {
                        super.create(server, image, source, work);
                    } catch (CancelledException cancelled) {
                        work.log("cancelled");
                    }
                }
            };
        }
    }

    @FailsAt(value = "refusesSourcesOfALaterRelease", saying = "cannot be done, and returned as if it was")
    public static final class FillsNothingWithWhatItDoesNotKnow extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
                    if (source instanceof ImageSource.Empty) {
                        super.create(server, image, source, work);
                    }
                }
            };
        }
    }

    @FailsAt(value = "bearsConstantsOfALaterRelease", saying = "needs a default branch")
    public static final class KnowsAllStates extends Right {
        @Override
        protected StorageType type() {
            return new Storage(disk) {
                @Override
                public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
                    boolean whole = switch (image.state()) {
                        case READY -> true;
                        case CREATING, ERROR, REMOVING -> false;
                    };
                    return new Mount(name(), server.address() + ":" + image.path() + whole, writable ? "rw" : "ro");
                }
            };
        }
    }
}
