package org.qrm.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;

public class PartitionProviderContractTest {

    @Test
    public void whatIsRightPasses() {
        Bites.none(Right.class);
    }

    @Test
    public void whatCannotPausePassesToo() {
        Bites.none(WithoutPause.class);
    }

    @Test
    public void eachWrongOneIsFound() {
        Bites.all(PartitionProviderContractTest.class);
    }

    /** A hypervisor that is a map. */
    static final class Hypervisor {
        static final long MEMORY = 2048;
        static final long RESERVED = 512;
        static final long OVERHEAD = 8;

        final Map<MacAddress, PartitionSighting> guests = new TreeMap<>();
        final Map<MacAddress, Integer> starts = new TreeMap<>();
        volatile boolean gone;
        volatile boolean stuck;

        synchronized long free() {
            return MEMORY
                    - RESERVED
                    - guests.values().stream()
                            .filter(each -> each.state() != PartitionState.STOPPED)
                            .mapToLong(each -> each.size().memoryMb() + OVERHEAD)
                            .sum();
        }

        synchronized void put(MacAddress mac, PartitionState state, PartitionSize size) {
            guests.put(mac, new PartitionSighting(mac, state, size, ""));
        }

        synchronized Optional<PartitionSighting> find(MacAddress mac) {
            return Optional.ofNullable(guests.get(mac));
        }

        synchronized List<PartitionSighting> all() {
            return new ArrayList<>(guests.values());
        }

        synchronized void run(Partition partition) {
            PartitionSize size = partition.size();
            if (size.cpus() > 2 || size.memoryMb() + OVERHEAD > free()) {
                throw QrmException.failed("start", partition.name(), "there are " + free() + " MiB free", "", null);
            }
            put(partition.mac(), PartitionState.RUNNING, size);
            starts.merge(partition.mac(), 1, Integer::sum);
        }

        synchronized void forget(MacAddress mac) {
            guests.remove(mac);
        }
    }

    /** Partitions of it. */
    static class Provider implements PartitionProvider {
        final Hypervisor host;

        Provider(Hypervisor host) {
            this.host = host;
        }

        @Override
        public String plugin() {
            return "map";
        }

        @Override
        public String macPrefix() {
            return "02:4d:41";
        }

        void reach(String attempted, Resource resource) {
            if (host.gone) {
                throw new QrmException(
                        new Problem(Problem.Kind.UNREACHABLE, attempted, resource.name(), "it is silent", "Look."));
            }
        }

        void reach(String attempted, Resource resource, WorkContext work) {
            reach(attempted, resource);
            do {
                work.checkpoint();
                work.pause(Duration.ofMillis(1));
            } while (host.stuck);
        }

        Optional<PartitionState> state(Partition partition) {
            return host.find(partition.mac()).map(PartitionSighting::state);
        }

        void become(PartitionState state, Partition partition) {
            host.find(partition.mac()).ifPresent(seen -> host.put(partition.mac(), state, seen.size()));
        }

        @Override
        public HostCapacity capacity(Resource resource) {
            reach("ask", resource);
            return new HostCapacity(2, 2000, Hypervisor.MEMORY, Hypervisor.RESERVED, host.free(), Hypervisor.OVERHEAD);
        }

        @Override
        public List<PartitionSighting> list(Resource resource) {
            reach("list", resource);
            return host.all().stream()
                    .filter(each -> each.mac().value().startsWith(macPrefix()))
                    .toList();
        }

        @Override
        public void start(Resource resource, Partition partition, WorkContext work) {
            reach("start", resource, work);
            if (state(partition).filter(PartitionState.RUNNING::equals).isEmpty()) {
                host.run(partition);
                work.progress(1, "it runs");
            }
        }

        @Override
        public void stop(Resource resource, Partition partition, boolean force, WorkContext work) {
            reach("stop", resource, work);
            become(PartitionState.STOPPED, partition);
        }

        @Override
        public void pause(Resource resource, Partition partition, boolean pause, WorkContext work) {
            reach("pause", resource, work);
            become(pause ? PartitionState.PAUSED : PartitionState.RUNNING, partition);
        }

        @Override
        public void change(Resource resource, Partition partition, WorkContext work) {
            reach("change", resource, work);
            state(partition).ifPresent(state -> host.put(partition.mac(), state, partition.size()));
        }

        @Override
        public void remove(Resource resource, Partition partition, WorkContext work) {
            reach("remove", resource, work);
            become(PartitionState.STOPPED, partition);
            work.progress(0.5, "off");
            host.forget(partition.mac());
        }

        @Override
        public String console(Resource resource, Partition partition, int bytes) {
            reach("read the console of", resource);
            return "login: ".substring(0, Math.min(bytes, 7));
        }
    }

    /** The contract with a provider that keeps it. */
    public static class Right extends PartitionProviderContract {
        final Hypervisor hypervisor = new Hypervisor();

        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor);
        }

        @Override
        protected Resource host() {
            return Machine.node(3).resource();
        }

        @Override
        protected Optional<PartitionSighting> onHost(MacAddress mac) {
            return hypervisor.find(mac);
        }

        @Override
        protected int starts(MacAddress mac) {
            return hypervisor.starts.getOrDefault(mac, 0);
        }

        @Override
        protected Optional<MacAddress> foreign() {
            MacAddress mac = new MacAddress("52:54:00:00:00:07");
            hypervisor.put(mac, PartitionState.RUNNING, size());
            return Optional.of(mac);
        }

        @Override
        protected boolean disconnect() {
            hypervisor.gone = true;
            return true;
        }

        @Override
        protected boolean stick() {
            hypervisor.stuck = true;
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

    /** It cannot pause, nor change what runs, and says so. */
    public static final class WithoutPause extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void pause(Resource resource, Partition partition, boolean pause, WorkContext work) {
                    throw QrmException.refused("pause", partition.name(), "it cannot", "Stop it.");
                }

                @Override
                public void change(Resource resource, Partition partition, WorkContext work) {
                    reach("change", resource);
                    throw QrmException.refused("change", partition.name(), "it cannot", "Make another.");
                }
            };
        }
    }

    // ---- wrong ones

    @FailsAt(value = "saysWhoItIsAndAsksNobody", saying = "begins no address of one card")
    public static final class HasAGroupsPrefix extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public String macPrefix() {
                    return "01:00:5e";
                }
            };
        }
    }

    @FailsAt(value = "tellsWhatTheHostHas", saying = "more is free than there is")
    public static final class CountsWhatTheHostNeeds extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public HostCapacity capacity(Resource resource) {
                    reach("ask", resource);
                    long free = host.free() + Hypervisor.RESERVED;
                    return new HostCapacity(2, 2000, Hypervisor.MEMORY, Hypervisor.RESERVED, free, 8);
                }
            };
        }
    }

    @FailsAt(value = "startsAPartitionOnce", saying = "how often it was started")
    public static final class RestartsWhatRuns extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void start(Resource resource, Partition partition, WorkContext work) {
                    reach("start", resource, work);
                    become(PartitionState.STOPPED, partition);
                    host.run(partition);
                }
            };
        }
    }

    @FailsAt(value = "stopsAPartitionAndMayBeAskedAgain", saying = "it does not run")
    public static final class StopsOnlyWhatRuns extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void stop(Resource resource, Partition partition, boolean force, WorkContext work) {
                    if (state(partition).filter(PartitionState.RUNNING::equals).isEmpty()) {
                        throw QrmException.conflict("stop", partition.name(), "it does not run", "");
                    }
                    super.stop(resource, partition, force, work);
                }
            };
        }
    }

    @FailsAt(value = "pausesAndResumesOrRefuses", saying = "done in part")
    public static final class RefusesWhenItIsTooLate extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void pause(Resource resource, Partition partition, boolean pause, WorkContext work) {
                    become(PartitionState.STOPPED, partition);
                    throw QrmException.refused("pause", partition.name(), "it cannot", "Stop it.");
                }
            };
        }
    }

    @FailsAt(value = "givesAnotherSizeOrRefuses", saying = "its size")
    public static final class SaysThatItChanged extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void change(Resource resource, Partition partition, WorkContext work) {
                    reach("change", resource, work);
                }
            };
        }
    }

    @FailsAt(value = "removesAPartitionAndMayBeAskedAgain", saying = "the host knows what was removed")
    public static final class OnlyStops extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void remove(Resource resource, Partition partition, WorkContext work) {
                    stop(resource, partition, true, work);
                }
            };
        }
    }

    @FailsAt(value = "leavesMachinesOfOthersOut", saying = "a machine of somebody else")
    public static final class ListsAll extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public List<PartitionSighting> list(Resource resource) {
                    reach("list", resource);
                    return host.all();
                }
            };
        }
    }

    @FailsAt(value = "refusesWhatDoesNotFit", saying = "cannot be done, and returned as if it was")
    public static final class StartsWhatDoesNotFit extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void start(Resource resource, Partition partition, WorkContext work) {
                    reach("start", resource, work);
                    host.put(partition.mac(), PartitionState.RUNNING, partition.size());
                }
            };
        }
    }

    @FailsAt(value = "showsTheEndOfItsConsole", saying = "is longer than 1 bytes")
    public static final class ShowsAll extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public String console(Resource resource, Partition partition, int bytes) {
                    reach("read", resource);
                    return "login: ";
                }
            };
        }
    }

    @FailsAt(value = "opensATerminalOrRefuses", saying = "openTerminal() is null")
    public static final class OpensNull extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public Terminal openTerminal(Resource resource, Partition partition, TerminalSize size) {
                    return null;
                }
            };
        }
    }

    @FailsAt(value = "goesOnAfterACrash", saying = "the host knows what was removed")
    public static final class ForgetsOnlyWhatRan extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void remove(Resource resource, Partition partition, WorkContext work) {
                    if (state(partition).filter(PartitionState.STOPPED::equals).isEmpty()) {
                        super.remove(resource, partition, work);
                    }
                }
            };
        }
    }

    /** The server takes it for true that all of them are lost. */
    @FailsAt(value = "saysThatTheHostDoesNotAnswer", saying = "list() with nobody there")
    public static final class ListsNothingOfASilentHost extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public List<PartitionSighting> list(Resource resource) {
                    return host.gone ? List.of() : super.list(resource);
                }
            };
        }
    }

    @FailsAt(value = "endsAtItsDeadline", saying = "has not ended within")
    public static final class WaitsForEver extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void start(Resource resource, Partition partition, WorkContext work) {
                    while (host.stuck) {
                        work.pause(Duration.ofMillis(1));
                    }
                    super.start(resource, partition, work);
                }
            };
        }
    }

    @FailsAt(value = "bearsConstantsOfALaterRelease", saying = "needs a default branch")
    public static final class KnowsAllStates extends Right {
        @Override
        protected PartitionProvider provider() {
            return new Provider(hypervisor) {
                @Override
                public void start(Resource resource, Partition partition, WorkContext work) {
                    boolean wanted = switch (partition.state()) {
                        case DEFINED, CREATING, RUNNING, PAUSED, STOPPED, REMOVING, ERROR -> true;
                    };
                    if (wanted) {
                        super.start(resource, partition, work);
                    }
                }
            };
        }
    }
}
