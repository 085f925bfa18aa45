import { Button, Checkbox, Group, Input, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import type { useMlflow } from './use-mlflow.ts';

interface MlflowServerProps {
  mlflow: ReturnType<typeof useMlflow>;
  disabled: boolean;
}

/** Which server of MLflow, which experiment, and who asks. */
export function MlflowServer({ mlflow, disabled }: MlflowServerProps) {
  const { server, experiment, change } = mlflow;
  return (
    <>
      <TextInput
        label="Address of the server"
        placeholder="http://host:5000"
        value={server}
        spellCheck={false}
        autoComplete="off"
        disabled={disabled}
        data-autofocus
        onChange={({ currentTarget }) => change({ server: currentTarget.value })}
      />
      <TextInput
        label="Experiment"
        description="Made if it is not there."
        placeholder="contrast-studio"
        value={experiment}
        spellCheck={false}
        autoComplete="off"
        disabled={disabled}
        onChange={({ currentTarget }) => change({ experiment: currentTarget.value })}
      />
      <MlflowUser mlflow={mlflow} disabled={disabled} />
    </>
  );
}

function MlflowUser({ mlflow, disabled }: MlflowServerProps) {
  const { signIn, changeSignIn, knownUser, forget } = mlflow;
  const { by, name, password, token, keep } = signIn;
  return (
    <Stack gap="xs">
      <Input.Wrapper label="Sign in" labelElement="div" labelProps={{ id: 'mlflow-sign-in' }}>
        <div>
          <SegmentedControl
            size="xs"
            mt={4}
            aria-labelledby="mlflow-sign-in"
            value={by}
            disabled={disabled}
            onChange={(value) => changeSignIn({ by: value })}
            data={[
              { value: 'nobody', label: knownUser ? `As ${knownUser.name}` : 'Not needed' },
              { value: 'password', label: 'User and password' },
              { value: 'token', label: 'Token' },
            ]}
          />
        </div>
      </Input.Wrapper>
      {by === 'nobody' && knownUser && (
        <Group gap="xs">
          <Text fz="sm" className="quiet">
            {knownUser.from === 'kept'
              ? 'The studio keeps it in memory until it ends.'
              : 'As the environment of the studio says (MLFLOW_TRACKING_…).'}
          </Text>
          {knownUser.from === 'kept' && (
            <Button size="compact-xs" variant="default" disabled={disabled} onClick={forget}>
              Forget it
            </Button>
          )}
        </Group>
      )}
      {by === 'password' && (
        <Group grow align="flex-start">
          <TextInput
            label="User"
            value={name}
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            onChange={({ currentTarget }) => changeSignIn({ name: currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            value={password}
            autoComplete="off"
            disabled={disabled}
            onChange={({ currentTarget }) => changeSignIn({ password: currentTarget.value })}
          />
        </Group>
      )}
      {by === 'token' && (
        <PasswordInput
          label="Token"
          value={token}
          autoComplete="off"
          disabled={disabled}
          onChange={({ currentTarget }) => changeSignIn({ token: currentTarget.value })}
        />
      )}
      {by !== 'nobody' && (
        <Checkbox
          label="Keep it until the studio ends"
          description="In the memory of the studio alone. It is written nowhere, asked or not."
          checked={keep}
          disabled={disabled}
          onChange={({ currentTarget }) => changeSignIn({ keep: currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
