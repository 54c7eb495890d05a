package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the machines of a rack share.
 *
 * @param server {@code http://10.77.0.1:8080}: where boot loaders ask
 * @param wire how to reach it
 * @param timer on which everything happens that takes its time
 * @param traffic counts what they did
 * @param hostKey public SSH host key that they register
 */
record Surroundings(URI server, Wire wire, ScheduledExecutorService timer, Traffic traffic, String hostKey) {}
