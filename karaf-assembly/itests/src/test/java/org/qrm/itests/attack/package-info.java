/**
 * What somebody can do who has the network, and neither a login nor a place on a list: asked over the real ports of a real server. Each
 * says in its name what must not come of it. What takes many connections to try is in {@code docs/performance.md} and the tests of the
 * bundles; storage servers are attacked by the rack, and by the tests of {@code plugins/nfs}.
 */
package org.qrm.itests.attack;
