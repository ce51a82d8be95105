import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Client } from '../../api/client';
import { IClient } from '../tokens';
import { serverTransport } from '../transport';

const plugin: JupyterFrontEndPlugin<Client> = {
  id: 'jupyterlab-submit:client',
  description: 'Reaches the service that submits jobs, through the Jupyter server.',
  autoStart: true,
  provides: IClient,
  activate: ({ serviceManager }: JupyterFrontEnd) =>
    new Client(serverTransport(serviceManager.serverSettings))
};

export default plugin;
