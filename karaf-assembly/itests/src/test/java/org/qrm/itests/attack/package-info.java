/**
 * What somebody can do who has the network, and neither a login nor a place on a list: asked over the real ports of a real server. Each
 * says in its name what must not come of it.
 *
 * <ul>
 *   <li>to join the pool, or to be one of its machines: {@link org.qrm.itests.attack.TakeoverIT}
 *   <li>what machines are told: {@link org.qrm.itests.attack.SecretsIT}
 *   <li>to guess a password: {@link org.qrm.itests.attack.ConsoleGuessingIT}; from behind a proxy {@code BehindAProxyIT}; the turns of
 *       those who were there before, {@code GuardTest} of {@code framework/login}
 *   <li>to take the turns of others, with a login or without: {@link org.qrm.itests.attack.CrowdIT}
 *   <li>to wear the server out: {@link org.qrm.itests.attack.StallIT}; its logs, {@link org.qrm.itests.attack.TakeoverIT}
 *   <li>names that are not the server's, weak ciphers: {@link org.qrm.itests.attack.RequestHeadsIT}
 *   <li>images of others, by handles of one's own making: {@code ConfinementTest} and {@code GaneshaTest} of {@code plugins/nfs}, {@code
 *       KernelNfsIT} of the rack
 *   <li>files on their way to a host's partitions, and to a machine's client: {@code fetch_test.sh} of {@code plugins/xen/node}, {@code
 *       trust_test.sh} of {@code framework/node}
 * </ul>
 */
package org.qrm.itests.attack;
